"use strict";

/** Why tests were left out on this machine; filled by leaveOut, told by the reporter. */
module.exports = new Set();
