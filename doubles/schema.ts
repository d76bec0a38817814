import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { Refusal, refuse } from "./refusal";
import { isProps, type Json, type Props, UNKNOWN } from "./values";

/** Shape of a property's value, as far as the packages' declarations tell. */
export type Shape =
  | { kind: "any" | "string" | "number" | "boolean" }
  | { kind: "array" | "map"; of: Shape }
  | { kind: "object"; name: string; members: () => Map<string, Member> }
  | { kind: "union"; of: Shape[] };

export interface Member {
  shape: Shape;
  optional: boolean;
}

export interface TypeSchema {
  inputs: Map<string, Member>;
  /** Every output property; `optional` where the declaration allows undefined. Empty for invokes. */
  outputs: Map<string, Member>;
}

const ANY: Shape = { kind: "any" };

/**
 * Reads the schema of a resource type or an invoke from the declarations of the INSTALLED package, so
 * that the doubles refuse what the real provider's schema refuses. Undefined when the package does not
 * declare the token.
 */
export function schemaOf(token: string): TypeSchema | undefined {
  const cached = schemas.get(token);
  if (cached !== undefined || schemas.has(token)) return cached;
  const schema = readSchema(token);
  schemas.set(token, schema);
  return schema;
}

const schemas = new Map<string, TypeSchema | undefined>();

/** Version of an installed Pulumi package, without the leading v. */
export function packageVersion(pkg: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageDir(pkg), "package.json"), "utf8"));
  if (isProps(manifest) && typeof manifest.version === "string") return manifest.version;
  throw new Error(`no version in the package.json of @pulumi/${pkg}`);
}

/** Refuses inputs that the schema does not have, lacks or types otherwise. Unknowns pass. */
export function checkInputs(token: string, schema: TypeSchema, inputs: Props): void {
  checkMembers(token, schema.inputs, inputs, "");
}

function packageDir(pkg: string): string {
  return dirname(require.resolve(`@pulumi/${pkg}/package.json`));
}

function readSchema(token: string): TypeSchema | undefined {
  const [pkg, module, name] = token.split(":");
  if (pkg === undefined || module === undefined || name === undefined) return undefined;
  const file = declarationFile(packageDir(pkg), module, name);
  if (file === undefined) return undefined;
  const source = parse(file, readFileSync(file, "utf8"));
  const types = new NestedTypes(join(packageDir(pkg), "types"));
  const interfaceName = name.startsWith("get") ? capital(name) : name;
  const inputs =
    interfaceMembers(source, `${interfaceName}Args`, types) ?? new Map<string, Member>();
  const declared = source.statements.find(
    (node): node is ts.ClassDeclaration =>
      ts.isClassDeclaration(node) && node.name?.text === interfaceName,
  );
  return { inputs, outputs: declared ? classOutputs(declared, types) : new Map<string, Member>() };
}

/** `aws:lb/listener:Listener`, `kubernetes:helm.sh/v3:Release`, `eks:index:Cluster`, `awsx:ec2:Vpc`. */
function declarationFile(root: string, module: string, name: string): string | undefined {
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  const parts = module.split("/").filter((part) => part !== "index");
  const group = (parts[0] ?? "").split(".")[0] ?? "";
  const candidates = [
    [...parts.slice(0, -1), `${parts.at(-1) ?? camel}.d.ts`],
    [...parts, `${camel}.d.ts`],
    [group, ...parts.slice(1), `${camel}.d.ts`],
  ];
  return candidates
    .map((candidate) => join(root, ...candidate))
    .find((file) => existsSync(file) && readFileSync(file, "utf8").includes(` ${name}`));
}

function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function interfaceMembers(
  source: ts.SourceFile,
  name: string,
  types: NestedTypes,
): Map<string, Member> | undefined {
  const declared = source.statements.find(
    (node): node is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(node) && node.name.text === name,
  );
  return declared ? members(declared.members, types) : undefined;
}

function members(nodes: ts.NodeArray<ts.TypeElement>, types: NestedTypes): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const node of nodes) {
    if (!ts.isPropertySignature(node) || node.type === undefined) continue;
    const key = propertyName(node.name);
    if (key !== undefined) {
      found.set(key, {
        shape: shapeOf(node.type, types),
        optional: node.questionToken !== undefined,
      });
    }
  }
  return found;
}

function classOutputs(declared: ts.ClassDeclaration, types: NestedTypes): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const node of declared.members) {
    if (!ts.isPropertyDeclaration(node) || node.type === undefined) continue;
    if (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword)) continue;
    const key = propertyName(node.name);
    const [inner] = ts.isTypeReferenceNode(node.type) ? (node.type.typeArguments ?? []) : [];
    if (key === undefined || inner === undefined) continue;
    const optional =
      ts.isUnionTypeNode(inner) &&
      inner.types.some((type) => type.kind === ts.SyntaxKind.UndefinedKeyword);
    found.set(key, { shape: shapeOf(inner, types), optional });
  }
  return found;
}

function propertyName(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

function shapeOf(node: ts.TypeNode, types: NestedTypes): Shape {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { kind: "string" };
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "number" };
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "boolean" };
  }
  if (ts.isArrayTypeNode(node)) {
    return { kind: "array", of: shapeOf(node.elementType, types) };
  }
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type, types);
  if (ts.isUnionTypeNode(node)) {
    const parts = node.types
      .filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword)
      .map((type) => shapeOf(type, types));
    const [only] = parts;
    return only !== undefined && parts.length === 1 ? only : { kind: "union", of: parts };
  }
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? { kind: "map", of: shapeOf(index.type, types) } : ANY;
  }
  if (ts.isLiteralTypeNode(node)) {
    return ts.isStringLiteral(node.literal) ? { kind: "string" } : ANY;
  }
  if (ts.isTypeReferenceNode(node)) return referenceShape(node, types);
  return ANY;
}

function referenceShape(node: ts.TypeReferenceNode, types: NestedTypes): Shape {
  const name = entityName(node.typeName);
  const [first] = node.typeArguments ?? [];
  if (first !== undefined && /^(pulumi\.(Input|Output)|Promise)$/.test(name)) {
    return shapeOf(first, types);
  }
  const nested = /^inputs\.(.+)$/.exec(name)?.[1];
  return nested === undefined ? ANY : types.shape(nested);
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

/** Nested input types of a package (`types/input.d.ts`, megabytes): found by text, parsed one at a time. */
class NestedTypes {
  private static readonly files = new Map<string, string>();
  private static readonly known = new Map<string, Map<string, Member>>();

  constructor(private readonly dir: string) {}

  shape(path: string): Shape {
    return { kind: "object", name: path, members: () => this.membersOf(path) };
  }

  private membersOf(path: string): Map<string, Member> {
    const key = `${this.dir}#${path}`;
    const known = NestedTypes.known.get(key);
    if (known !== undefined) return known;
    const text = this.declarationOf(path);
    const source = parse(path, text);
    const read =
      interfaceMembers(source, path.split(".").at(-1) ?? "", this) ?? new Map<string, Member>();
    NestedTypes.known.set(key, read);
    return read;
  }

  /** Text of one interface, cut out of its namespaces by their indentation. */
  private declarationOf(path: string): string {
    const file = join(this.dir, "input.d.ts");
    const text = NestedTypes.files.get(file) ?? readFileSync(file, "utf8");
    NestedTypes.files.set(file, text);
    const parts = path.split(".");
    const name = parts.pop() ?? "";
    let from = 0;
    let indent = "";
    for (const part of parts) {
      const found = new RegExp(`\n${indent}(export )?(declare )?namespace ${part} \\{`, "g");
      found.lastIndex = from;
      const match = found.exec(text);
      if (match === null) return "";
      from = match.index + match[0].length - 1;
      indent += "    ";
    }
    const start = text.indexOf(
      `\n${indent}${indent === "" ? "export " : ""}interface ${name} `,
      from,
    );
    const exported =
      start === -1 ? text.indexOf(`\n${indent}export interface ${name} `, from) : start;
    if (exported === -1) return "";
    const open = text.indexOf("{", exported);
    const end = text.indexOf(`\n${indent}}`, open);
    return text.slice(exported, end + indent.length + 2);
  }
}

function checkMembers(token: string, known: Map<string, Member>, value: Props, path: string): void {
  for (const [key, entry] of Object.entries(value)) {
    if (key === "__defaults" || entry === undefined || entry === null) continue;
    const member = known.get(key);
    if (member === undefined) {
      refuse(`${token}: unexpected property "${path}${key}"`, `${path}${key}`);
    }
    checkShape(token, member.shape, entry, `${path}${key}`);
  }
  for (const [key, member] of known) {
    if (!member.optional && (value[key] ?? null) === null) {
      refuse(`${token}: missing required property "${path}${key}"`, `${path}${key}`);
    }
  }
}

function checkShape(token: string, shape: Shape, value: Json, path: string): void {
  if (value === UNKNOWN || shape.kind === "any") return;
  const wrong = (expected: string): never =>
    refuse(`${token}: "${path}" must be ${expected}, not ${JSON.stringify(value)}`, path);
  switch (shape.kind) {
    case "string":
      // The engine converts numbers and booleans to strings for bridged providers; objects it does not.
      if (typeof value === "object") wrong("a string");
      return;
    case "number":
      if (
        typeof value !== "number" &&
        !(typeof value === "string" && value !== "" && !isNaN(+value))
      )
        wrong("a number");
      return;
    case "boolean":
      if (typeof value !== "boolean" && value !== "true" && value !== "false") wrong("a boolean");
      return;
    case "array":
      if (!Array.isArray(value)) return wrong("a list");
      value.forEach((entry, index) => {
        if (entry !== null) checkShape(token, shape.of, entry, `${path}[${index}]`);
      });
      return;
    case "map":
      if (!isProps(value)) return wrong("a map");
      for (const [key, entry] of Object.entries(value)) {
        if (entry !== undefined && entry !== null)
          checkShape(token, shape.of, entry, `${path}.${key}`);
      }
      return;
    case "object": {
      if (!isProps(value)) return wrong("an object");
      const known = shape.members();
      if (known.size > 0) checkMembers(token, known, value, `${path}.`);
      return;
    }
    case "union":
      return checkUnion(token, shape.of, value, path);
  }
}

function checkUnion(token: string, shapes: Shape[], value: Json, path: string): void {
  const refusals: Refusal[] = [];
  for (const shape of shapes) {
    try {
      return checkShape(token, shape, value, path);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
    }
  }
  const last = refusals.at(-1);
  if (last !== undefined) throw last;
}
