// What a type-ahead field asks of the dialog around it, where the page has other dialogs with such fields.
export function amendFields() {
  return {
    comboOptions(name) {
      return this.amendOptions(name);
    },
    comboValue(name) {
      return this.amendValue(name);
    },
    comboText(name, text) {
      this.amendText(name, text);
    },
    comboPick(name, id, typed) {
      this.amendPick(name, id, typed);
    },
    invalid(field) {
      return this.amendInvalid(field);
    },
  };
}
