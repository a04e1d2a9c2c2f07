// The field of a district's boundary: drawn with its neighbours', and read from a GeoJSON file, of which one may hold all districts'.

import { outlineOf, pointsOf } from "./boundary.js";
import { faultWord } from "./fault-words.js";
import { failureWord, refusals } from "./fields.js";
import { decimal, t, tn, whole } from "./i18n.js";

// What the server takes (handlers/bodies/registry.py).
const LARGEST = 3000000;

export function boundaryPart({ api, data }) {
  return {
    outlines: [], // what the chosen file holds
    brought: "", // what became of it
    bringing: false,

    ownBoundary() {
      return this.draft.form.boundary || [];
    },
    boundaryMap() {
      const neighbours = this.stamp < 0 ? [] : data.ids("districts").filter((id) => id !== this.draft.id).map((id) => data.find("districts", id).boundary || []);
      return outlineOf(this.ownBoundary(), neighbours);
    },
    boundaryWord() {
      const n = pointsOf(this.ownBoundary());
      return n ? tn("{n} point", "{n} points", n) : t("No boundary is kept: the centre and the area stand for it.");
    },
    chooseBoundary() {
      document.getElementById("boundary-file").click();
    },
    dropBoundary() {
      this.draft.form.boundary = [];
      this.touched("boundary");
    },
    async boundaryChosen(event) {
      const file = event.target.files[0];
      event.target.value = "";
      if (!file || this.bringing) return;
      this.outlines = [];
      this.brought = "";
      if (file.size > LARGEST) {
        this.brought = t("The file is larger than 3 MB; simplify it first.");
        return;
      }
      this.bringing = true;
      try {
        this.outlines = (await api.lookUp("/api/districts/boundaries", { text: await file.text() }, "outlines")).outlines;
        const own = this.outlines.filter((each) => each.boundary.length && (each.district === this.draft.id || this.outlines.length === 1));
        if (own.length === 1) this.takeOutline(own[0]);
        else this.brought = t("None of these is known to be this district's: choose one.");
      } catch (error) {
        this.brought = [failureWord(error), ...refusals(error)].join(" ");
      } finally {
        this.bringing = false;
      }
    },
    takeOutline(outline) {
      this.draft.form.boundary = [...outline.boundary];
      this.touched("boundary");
      this.brought = t("The boundary stands in the form now. Save it to keep it.");
    },
    // One that is another district's is not offered for this.
    outlineRows() {
      return this.outlines.map((each, n) => ({
        key: n, outline: each, name: each.name || t("without a name"), district: each.district ? "" : t("of no district that is known"),
        words: outlineWords(each, (id) => data.name("districts", id)), wrong: each.faults.map(faultWord).join(" "),
        takes: each.boundary.length > 0 && (!each.district || each.district === this.draft.id),
      }));
    },
    // The other districts' boundaries of the same file, each saved as a version of its own.
    othersBrought() {
      return this.outlines.filter((each) => each.boundary.length && each.district && each.district !== this.draft.id && data.find("districts", each.district));
    },
    othersWord() {
      return tn("Save the boundary of {n} other district of this file", "Save the boundaries of {n} other districts of this file", this.othersBrought().length);
    },
    async saveOthers() {
      if (this.bringing) return;
      this.bringing = true;
      const [saved, failed] = [[], []];
      for (const { district, boundary } of this.othersBrought()) {
        const { v, ...thing } = data.find("districts", district);
        try {
          data.put("districts", await api.put(`/api/registry/districts/${district}`, { ...thing, boundary }, v, "v"));
          saved.push(district);
        } catch (error) {
          failed.push(`${data.name("districts", district)}: ${[failureWord(error), ...refusals(error)].join(" ")}`);
        }
      }
      this.outlines = this.outlines.filter((each) => !saved.includes(each.district));
      this.brought = [tn("{n} boundary saved.", "{n} boundaries saved.", saved.length), ...failed].join(" ");
      this.bringing = false;
      this.stamp += 1;
    },
  };
}

// "5.000 points read, 128 kept, at most 5 m off; 314,0 km²; 3,8 km² of it are Seranau's too"
export function outlineWords(outline, name) {
  if (!outline.boundary.length) return "";
  const points = outline.tolerance_m
    ? t("{read} points read, {points} kept, at most {metres} m off", { read: whole(outline.read), points: whole(outline.points), metres: outline.tolerance_m })
    : tn("{n} point", "{n} points", outline.points);
  const shared = outline.overlaps.map((each) => t("{km2} km² of it are {name}'s too", { km2: decimal(each.km2), name: name(each.district) }));
  return [points, t("{km2} km²", { km2: decimal(outline.km2) }), ...shared].join("; ");
}
