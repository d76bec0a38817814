/** What the cloud, or the provider in front of it, answers instead of doing what it was asked. */
export class Refusal extends Error {
  /** Input that is at fault, where there is one. */
  readonly property: string | undefined;

  constructor(message: string, property?: string) {
    super(message);
    this.name = "Refusal";
    this.property = property;
  }
}

export function refuse(message: string, property?: string): never {
  throw new Refusal(message, property);
}
