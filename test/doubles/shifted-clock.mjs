// Loaded before a server (node --import): its clock is off by CLOCK_SHIFT_MS, in Date and in the Date header of its answers.
import { ServerResponse } from "node:http";

const shift = Number(process.env.CLOCK_SHIFT_MS);
const RightDate = Date;

globalThis.Date = class extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + shift);
    else super(...given);
  }

  static now() {
    return RightDate.now() + shift;
  }
};

// Node writes the header from a Date of its own.
const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (...given) {
  this.setHeader("date", new Date().toUTCString());
  return writeHead.apply(this, given);
};
