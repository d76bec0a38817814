"use strict";

// Loaded before a program (`node -r`): appends its CPU time, in µs, and its peak resident memory, in kB,
// to a file when it ends.
const { appendFileSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  appendFileSync(process.env.RESOURCE_USE_FILE, `${userCPUTime + systemCPUTime} ${maxRSS}\n`);
});
