import { refuse } from "../refusal";
import { isProps, type Props, text } from "../values";

/** Refuses a policy document that does not parse or lacks what every statement needs. */
export function validPolicy(
  inputs: Props,
  property: string,
  kind: "identity" | "resource" | "trust",
): void {
  const json = text(inputs, property);
  if (json === undefined) return;
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    refuse(`MalformedPolicyDocument: ${property} is not JSON`, property);
  }
  if (!isProps(document)) refuse(`MalformedPolicyDocument: ${property} is not an object`, property);
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  for (const statement of statements) {
    if (!isProps(statement))
      refuse(`MalformedPolicyDocument: ${property} has no Statement`, property);
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
      refuse(`MalformedPolicyDocument: Effect is Allow or Deny in ${property}`, property);
    }
    if (statement.Action === undefined && statement.NotAction === undefined) {
      refuse(`MalformedPolicyDocument: a statement of ${property} has no Action`, property);
    }
    const principal = statement.Principal !== undefined || statement.NotPrincipal !== undefined;
    if (kind === "identity" && principal) {
      refuse(`MalformedPolicyDocument: ${property} must not name a Principal`, property);
    }
    if (kind !== "identity" && !principal) {
      refuse(`MalformedPolicyDocument: a statement of ${property} has no Principal`, property);
    }
    const resource = statement.Resource !== undefined || statement.NotResource !== undefined;
    if (kind === "trust" ? resource : !resource) {
      refuse(
        `MalformedPolicyDocument: a statement of ${property} ${resource ? "must not have a" : "has no"} Resource`,
        property,
      );
    }
  }
}
