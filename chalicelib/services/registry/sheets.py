"""Sheets that agencies bring in: staged, tried as often as one likes, written once, taken back whole."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec.structs import replace

from ...bootstrap import World
from ...domain.registry import NOUNS
from ...domain.registry_rules import Book
from ...domain.shapes import from_plain
from ...domain.sheets import configuring, table
from ...domain.sheets.clarifications import Clarifications
from ...domain.sheets.columns import SHEETS, columns_of, fields_by_head
from ...domain.sheets.grid import COLUMNS_MOST, ROWS_MOST, Grid, grids_of
from ...domain.sheets.plan import Plan, Row, Scope
from ...domain.sheets.planning import plan
from ...domain.sheets.stage import Import, Stage, ToWrite
from ...domain.sheets.words import name_of
from ...errors import Conflict, Invalid, NotFound, Unprocessable
from ...faults import Fault
from ...models import sheet_stages as store
from ...models.registry import Snapshot
from . import many
from .sheet_phones import phones_of

TAKEN_BACK = ("undoing", "undone")


class Whose(NamedTuple):
    """Of which agency the rows are that name none, '' for none; `bound` to it, nobody else's may be brought in."""

    agency_id: str
    bound: bool


def begin(world: World, registry: Snapshot, noun: str, grid: Grid, whose: Whose) -> tuple[Stage, Plan]:
    """Stage a sheet that was brought, and try it."""
    stage = Stage(
        id=world.mint.id(),
        noun=noun,
        agency_id=whose.agency_id,
        bound=whose.bound,
        grid=grid,
    )
    store.save(stage, world.clock.now())
    return stage, trial(world, registry, stage)


def grid_of(registry: Snapshot, noun: str, text: str) -> Grid:
    """A text by the delimiter by which its head names most. Invalid for one that is empty or too large to be a list of people."""
    heads = fields_by_head(columns_of(SHEETS[noun], registry.of("certifications")))
    sheet = SHEETS[noun]
    best, most = None, -1
    for grid in grids_of(text):
        if len(grid.rows) > ROWS_MOST or grid.width > COLUMNS_MOST:
            continue
        found = len(table.find(grid, heads, sheet.label, sheet.proofs).found)
        if found > most:
            best, most = grid, found
    if best is None:
        raise Invalid("the sheet is too large", Fault("text", "too_many", {"most": str(ROWS_MOST)}))
    if not any(any(cells) for cells in best.rows):
        raise Invalid("the sheet is empty", Fault("text", "empty"))
    return best


def find(world: World, import_id: str) -> Stage:
    """A staged sheet; NotFound once its day is over."""
    stage = store.load(import_id, world.clock.now())
    if stage is None:
        raise NotFound("no such sheet, or its day is over", Fault("import_id", "not_found"))
    return stage


def clarify(world: World, registry: Snapshot, stage: Stage, clarified: Clarifications) -> tuple[Stage, Plan]:
    """Keep what was answered, and try it. Conflict once it is being written."""
    if stage.rows:
        raise Conflict("this sheet is being imported", Fault("import_id", "import_begun"))
    stage = replace(stage, clarified=clarified)
    store.save(stage, world.clock.now())
    return stage, trial(world, registry, stage)


def trial(world: World, registry: Snapshot, stage: Stage) -> Plan:
    """What the import would do on the registry as it is: the import without its writes."""
    book = Book(nouns={noun: registry.of(noun) for noun in NOUNS}, now=world.clock.now())

    def faults(rows: list[Row]) -> dict[str, list[Fault]]:
        wanted = [_row(stage, _to_write(registry, stage, row)) for row in rows]
        found = many.faults_of(world, registry, wanted)
        return {_named(stage.noun, thing): each for thing, each in found.items()}

    scope = Scope(
        noun=stage.noun,
        book=book,
        import_id=stage.id,
        read_phone=phones_of(registry.regency),
        faults=faults,
        agency_id=stage.agency_id,
        bound=stage.bound,
    )
    return plan(stage.grid, stage.clarified, scope)


def _named(noun: str, thing: tuple[str, str]) -> str:
    """How the rows of a sheet name a thing: of a configuration with its noun."""
    return "/".join(thing) if noun == configuring.NOUN else thing[1]


def _thing(noun: str, name: str) -> tuple[str, str]:
    if noun != configuring.NOUN:
        return noun, name
    own, _, id_ = name.partition("/")
    return own, id_


def _to_write(registry: Snapshot, stage: Stage, row: Row) -> ToWrite:
    return ToWrite(id=row.id, value=row.value, known=registry.versions.get(_thing(stage.noun, row.id)))


def _row(stage: Stage, each: ToWrite) -> many.Row:
    noun, id_ = _thing(stage.noun, each.id)
    value = each.value
    if not isinstance(value, NOUNS[noun]):
        value = from_plain(value, NOUNS[noun])
    return many.Row(noun, id_, value, each.known)


class Seen(NamedTuple):
    """The preview that somebody says yes to, whether without its refused rows, and why."""

    digest: str
    without_refused: bool
    why: str


def commit(
    world: World, registry: Snapshot, stage: Stage, by: str, seen: Seen
) -> tuple[Import, many.Outcome]:
    """Write what was seen; Conflict when it would do something else by now.

    What is written is fixed before the first write, so that a run that died anywhere goes on with the same.
    """
    told = store.remembered(stage.id)
    if told is None or not stage.rows:
        stage, told = _fixed(world, registry, stage, by, seen)
    _must_stand(told)
    bringing = many.Import(stage.id, by, seen.why)
    rows = [_row(stage, each) for each in stage.rows]
    outcome = many.write_many(world, rows, bringing, lambda: must_remember(stage.id).state in TAKEN_BACK)
    # Whoever takes it back meanwhile says last what became of it.
    told = must_remember(stage.id)
    _must_stand(told)
    if not outcome.more and told.state == "writing":
        told = replace(told, state="done")
        store.remember(told)
    return told, outcome


def _must_stand(told: Import) -> None:
    if told.state in TAKEN_BACK:
        raise Conflict("this import was taken back", Fault("import_id", "import_undone"))


def _fixed(world: World, registry: Snapshot, stage: Stage, by: str, seen: Seen) -> tuple[Stage, Import]:
    made = trial(world, registry, stage)
    if made.digest != seen.digest:
        raise Conflict("it would do something else by now; look again", Fault("seen", "changed_meanwhile"))
    counts = made.counts
    if made.asked or not made.writes:
        raise Unprocessable("there is nothing to import", Fault("import_id", "import_nothing"))
    if counts.get("refused") and not seen.without_refused:
        raise Unprocessable(
            "some rows are refused",
            Fault("without_refused", "import_refused", {"rows": str(counts["refused"])}),
        )
    stage = replace(stage, rows=[_to_write(registry, stage, row) for row in made.writes])
    now = world.clock.now()
    told = Import(
        id=stage.id,
        noun=stage.noun,
        agency_id=stage.agency_id,
        by=by,
        at=now,
        state="writing",
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        left_out=counts.get("refused", 0),
        bound=stage.bound,
    )
    # The stage first: what is remembered can be written.
    store.save(stage, now)
    store.remember(told)
    return stage, told


def must_remember(import_id: str) -> Import:
    """An import that was begun; NotFound if there is none."""
    told = store.remembered(import_id)
    if told is None:
        raise NotFound("no such import", Fault("import_id", "not_found"))
    return told


def undo(world: World, told: Import, by: str, why: str) -> tuple[Import, many.Outcome]:
    """Put back all that an import did; what was changed since is left as it is and named."""
    if told.state != "undone":
        told = replace(told, state="undoing")
        store.remember(told)
    outcome = many.take_back(world, many.Import(told.id, by, why))
    if not outcome.more and told.state == "undoing":
        told = replace(told, state="undone", undone_at=world.clock.now(), left_at_undo=len(outcome.left))
        store.remember(told)
    return told, outcome


def label_of(registry: Snapshot, noun: str, id_: str) -> str:
    """What people call a thing, its id if it is not there."""
    value: Any = registry.of(noun).get(id_)
    return id_ if value is None else name_of(value)
