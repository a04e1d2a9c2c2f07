// What a request that was no success leaves behind.

// The server says that it was not carried out; `meaning` says what that means (codes.js).
export class Refused extends Error {
  constructor(status, body, meaning) {
    super(body.message || "");
    this.name = "Refused";
    this.status = status;
    this.meaning = meaning;
    this.code = body.code || "";
    this.faults = body.faults || [];
  }
}

// No answer came, or none that says what became of the request; `open`: it may have been carried out.
export class Unreachable extends Error {
  constructor({ open = false, code = "", cause } = {}) {
    super("unreachable", { cause });
    this.name = "Unreachable";
    this.open = open;
    this.code = code;
  }
}

// The sign-in server neither renews a sign-in nor ends it; nothing was asked of our own.
export class SignInUnanswered extends Error {
  constructor(cause) {
    super("sign-in unanswered", { cause });
    this.name = "SignInUnanswered";
  }
}
