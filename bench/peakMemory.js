"use strict";

// Loaded before a program (`node -r`): appends its peak resident memory, in kB, to a file when it ends.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  appendFileSync(process.env.PEAK_MEMORY_FILE, `${process.resourceUsage().maxRSS}\n`);
});
