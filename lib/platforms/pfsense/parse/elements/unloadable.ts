import { XmlElement } from '../../../../xml/parse-xml';

/** Thrown within `read` where the box could not read, generate or load what stands at an element. Never leaves it. */
export class Unloadable extends Error {
  constructor(
    readonly element: XmlElement,
    readonly reason: string,
  ) {
    super(reason);
  }
}
