"""The rows of a grid of people by days: whom each is about, and what stands in it by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from ..duty.sheet import days_of
from ..registry import CrewMember, DutyCrew
from ..sheets.cells import folded
from ..sheets.clarifications import SKIP
from ..sheets.grid import Grid, address
from ..sheets.refusals import Choice, Refusal
from ..sheets.table import no_data
from .days import weekdays
from .layout import HEADS, Block
from .reading import ANOTHER, Against, Answers, Entry, Found, LeftRow, Put, twice


class Line(Struct, frozen=True, kw_only=True):
    """A row that may be somebody's: what stands in its columns, and in its days by column."""

    row: int
    given: Mapping[str, str]
    at: str
    days: Mapping[int, str]
    crew: DutyCrew | None

    @property
    def name(self) -> str:
        return self.given.get("name", "")


def read_grids(grid: Grid, blocks: Iterable[Block], against: Against, answers: Answers) -> Found:
    """Each row of the grids as an entry, a refusal, or among what is left."""
    found = Found()
    crew: DutyCrew | None = None
    passed = _passed(grid, answers)
    for block in blocks:
        for row in range(block.first, block.last + 1):
            cells = grid.rows[row - 1]
            if not any(cells) or row in passed:
                continue
            line = _line(grid, block, row, against, crew)
            if named := _section(line, cells, block, against):
                crew = named
                found.left.append(LeftRow(row=row, text=next(each for each in cells if each)))
            elif not _is_data(line, grid, against):
                found.left.append(LeftRow(row=row, text=next(each for each in cells if each)))
            else:
                _take(found, line, grid, (block, against, answers))
    return found


def _passed(grid: Grid, answers: Answers) -> set[int]:
    """The rows that nobody sees, once somebody said that they are not read."""
    passed = set[int]()
    if answers.unseen.get("hidden_rows") == "skip":
        passed |= set(grid.hidden_rows)
    if answers.unseen.get("struck_rows") == "skip":
        passed |= set(grid.struck_rows)
    return passed


def _line(grid: Grid, block: Block, row: int, against: Against, crew: DutyCrew | None) -> Line:
    given = {name: grid.cell(row, n) for name, n in block.columns.items()}
    own = _crew(given.get("crew", ""), against)
    at = block.columns.get("name", block.columns.get("id", 0))
    return Line(
        row=row,
        given=given,
        at=address(row, at),
        days={n: grid.cell(row, n) for n in block.days},
        crew=own or crew,
    )


def _crew(text: str, against: Against) -> DutyCrew | None:
    """The crew that a text names as a whole, with or without the word for it before it."""
    said = folded(text)
    if not said:
        return None
    same = [each for each in against.crews if folded(each.name) == said]
    same = same or [each for each in against.crews if folded(each.name).removeprefix("regu ") == said]
    return same[0] if len(same) == 1 else None


def _section(line: Line, cells: list[str], block: Block, against: Against) -> DutyCrew | None:
    """The crew that a row stands above: its name alone, perhaps merged over all columns."""
    filled = {each for each in cells if each}
    if len(filled) == 1 or not any(line.days.values()):
        return next((crew for text in filled if (crew := _crew(text, against))), None)
    return None


def _is_data(line: Line, grid: Grid, against: Against) -> bool:
    """Whether a row is somebody's duty, or may be; a head, a count, a legend, a signature is none."""
    texts = [each for each in line.days.values() if each]
    first = next((each for each in grid.rows[line.row - 1] if each), "")
    if folded(line.name) in HEADS or (texts and all(weekdays(each) for each in texts) and not line.name):
        return False
    if _numbering(grid.rows[line.row - 1]):
        return False
    if line.given.get("id"):
        return True
    if no_data(line.name) or no_data(first):
        return False
    known = bool(line.name) and bool(against.people.bearer(line.name, line.given.get("nip", "")))
    if known:
        return len({each for each in grid.rows[line.row - 1] if each}) > 1
    coded = [each for each in texts if against.codes.meant(each.partition("@")[0])]
    if not line.name:
        return bool(coded)
    # Of whom nobody knows: a name above a signature has no duties.
    return bool(coded) or len(texts) >= 3


def _numbering(cells: list[str]) -> bool:
    filled = [each.strip("().") for each in cells if each]
    return len(filled) >= 5 and all(each == str(n) for n, each in enumerate(filled, 1))


def _take(found: Found, line: Line, grid: Grid, by: tuple[Block, Against, Answers]) -> None:
    block, against, answers = by
    answer = answers.who.get(str(line.row), "")
    if answer == SKIP:
        found.left.append(LeftRow(row=line.row, text=line.name or line.given.get("id", "")))
        return
    crew = None if line.given.get("id") or answer else _crew(line.name, against)
    if crew and not against.people.bearer(line.name):
        _take_crew(found, line, crew, (block, against, answers, grid))
        return
    entry = _entry(found, line, answer, against)
    if entry is None:
        return
    entry.days = dict(_days(found, line, block, (against, answers, grid)))
    _add(found, entry, against)


def _add(found: Found, entry: Entry, against: Against) -> None:
    """Take an entry in: a month's other half further below, or in another crew, is the same person's row."""
    same = next((each for each in found.entries if each.person_id == entry.person_id), None)
    alike = same and (same.row_id, same.unit) == (entry.row_id, entry.unit)
    if same and alike and not entry.another and not same.days.keys() & entry.days.keys():
        same.days |= entry.days
    elif not _is_twice(found, entry, against):
        found.entries.append(entry)


def _entry(found: Found, line: Line, answer: str, against: Against) -> Entry | None:
    people = against.people
    entry = Entry(row=line.row, at=line.at, person_id="", unit=line.given.get("unit", ""))
    entry.crew_id = line.crew.id if line.crew else None
    if row_id := line.given.get("id", ""):
        person_id = row_id.partition(ANOTHER)[0]
        if person_id not in people.people or row_id.partition(ANOTHER)[2] not in (
            "",
            *map(str, range(2, 1000)),
        ):
            found.refusals.append(_refusal(line, "id_unknown", written=row_id))
            return None
        entry.person_id, entry.row_id = person_id, row_id
        return entry
    if (chosen := answer.removesuffix(ANOTHER)) in people.people:
        entry.person_id, entry.another = chosen, answer.endswith(ANOTHER)
        return entry
    if not line.name:
        found.refusals.append(_refusal(line, "required"))
        return None
    who = people.who(line.name, line.given.get("nip", ""))
    if who.code:
        names = ", ".join(each.label for each in who.choices)
        found.refusals.append(
            _refusal(
                line,
                who.code,
                values={"names": names} if names else {},
                choices=[*who.choices, Choice(value=SKIP)],
                proposed=who.proposed,
            )
        )
        return None
    entry.person_id = who.person_id
    return entry


def _refusal(
    line: Line,
    code: str,
    *,
    written: str = "",
    values: dict[str, str] | None = None,
    choices: list[Choice] | None = None,
    proposed: str = "",
) -> Refusal:
    return Refusal(
        row=line.row,
        at=line.at,
        field="name",
        written=written or line.name,
        code=code,
        ask="who",
        values=values or {},
        choices=choices or [Choice(value=SKIP)],
        proposed=proposed,
    )


def _is_twice(found: Found, entry: Entry, against: Against) -> bool:
    """Whether the file has somebody in two rows, without saying that they are two."""
    same = next((each for each in found.entries if each.person_id == entry.person_id), None)
    if same is None or entry.another:
        return False
    if entry.row_id and entry.row_id not in {each.row_id for each in found.entries}:
        return False
    found.refusals.append(twice(entry, same, against))
    return True


def _take_crew(found: Found, line: Line, crew: DutyCrew, by: tuple[Block, Against, Answers, Grid]) -> None:
    """A crew's row is its people's, each on the days on which he is in it."""
    block, against, answers, grid = by
    days = dict(_days(found, line, block, (against, answers, grid)))
    for member in crew.members:
        if member.person_id not in against.people.people:
            continue
        own = {day: put for day, put in days.items() if _inside(member, day)}
        if not own:
            continue
        entry = Entry(row=line.row, at=line.at, person_id=member.person_id, crew_id=crew.id, days=own)
        _add(found, entry, against)


def _inside(member: CrewMember, day: str) -> bool:
    return member.since <= day <= (member.until or "~")


def _days(
    found: Found, line: Line, block: Block, by: tuple[Against, Answers, Grid]
) -> Iterator[tuple[str, Put]]:
    """What stands in a row by day; a text at a day that the month does not have is refused."""
    against, answers, grid = by
    hidden = set(grid.hidden_columns) if answers.unseen.get("hidden_columns") == "skip" else set()
    # Of days that go over two months only those of this one are read, whatever was answered.
    own = any(head.of_month(against.month) for head in block.days.values())
    every = not own and answers.month == against.month
    for n, head in sorted(block.days.items()):
        if n in hidden or not (every or head.of_month(against.month)):
            continue
        text, at = line.days[n], address(line.row, n)
        if head.day <= days_of(against.month):
            yield f"{against.month}-{head.day:02d}", Put(text, at)
        elif text:
            found.refusals.append(
                Refusal(
                    row=line.row,
                    at=at,
                    field="day",
                    written=text,
                    code="no_such_day",
                    ask="none",
                    values={"day": str(head.day)},
                )
            )
