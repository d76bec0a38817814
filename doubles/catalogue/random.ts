import { createHash } from "node:crypto";
import type { Catalogue } from "../definition";
import { refuse } from "../refusal";
import { number, text } from "../values";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Everything about a generated string replaces it. */
const GENERATED = [
  "keepers",
  "length",
  "lower",
  "upper",
  "numeric",
  "number",
  "special",
  "overrideSpecial",
  "minLower",
  "minUpper",
  "minNumeric",
  "minSpecial",
];

export const random: Catalogue = {
  "random:index/randomPassword:RandomPassword": {
    scope: "global",
    forceNew: GENERATED,
    validate: (inputs) => {
      const length = number(inputs, "length");
      if (length !== undefined && length < 1)
        refuse(`length is at least 1, not ${length}`, "length");
    },
    id: () => "none",
    outputs: (inputs, { cloud, old }) => {
      const length = number(inputs, "length") ?? 16;
      let digits = "";
      while (digits.length < length * 2) digits += cloud.hex(64);
      const result = Array.from(
        { length },
        (_, index) =>
          LETTERS[parseInt(digits.slice(index * 2, index * 2 + 2), 16) % LETTERS.length],
      ).join("");
      const kept = text(old ?? {}, "result") ?? result;
      return {
        result: kept,
        bcryptHash: `$2a$10$${createHash("sha256").update(kept).digest("hex").slice(0, 53)}`,
      };
    },
  },
  "random:index/randomString:RandomString": {
    scope: "global",
    forceNew: GENERATED,
    id: (_inputs, { cloud }) => cloud.hex(16),
    outputs: (_inputs, { id }) => ({ result: id }),
  },
  "random:index/randomId:RandomId": {
    scope: "global",
    forceNew: ["byteLength", "keepers", "prefix"],
    id: (inputs, { cloud }) =>
      Buffer.from(cloud.hex((number(inputs, "byteLength") ?? 8) * 2), "hex").toString("base64url"),
    outputs: (inputs, { id }) => {
      const hex = Buffer.from(id, "base64url").toString("hex");
      const prefix = text(inputs, "prefix") ?? "";
      return {
        hex: prefix + hex,
        b64Url: prefix + id,
        b64Std: prefix + Buffer.from(hex, "hex").toString("base64"),
        dec: prefix + BigInt(`0x${hex}`).toString(),
      };
    },
  },
};
