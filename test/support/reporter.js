"use strict";

const fs = require("node:fs");
const path = require("node:path");
const Mocha = require("mocha");
const reasons = require("./leftOut");

/**
 * Mocha's spec reporter, which also names at the end what could not run here and why, and writes the
 * counts to .cache/test-result.json for CI's closing line.
 */
class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const leftOut = [];
    runner.on("pending", (test) => leftOut.push(test.fullTitle()));
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      const file = path.join(__dirname, "..", "..", ".cache", "test-result.json");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, leftOut }));
      if (pending > 0) {
        const lines = [...[...reasons].map((reason) => `because ${reason}`), ...leftOut];
        console.log(`  Not run here:\n${lines.map((line) => `    - ${line}`).join("\n")}\n`);
      }
    });
  }
}

module.exports = Reporter;
