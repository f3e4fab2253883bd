// The error Unloadable: thrown within the parser at an element of config.xml that pfSense itself can't load. The
// parser catches it and reports the box's rules as unloadable.

import { XmlElement } from '../../../../xml/parse-xml';

/** Thrown within `read` if the box can't read, generate or load an element. It never leaves `read`. */
export class Unloadable extends Error {
  constructor(
    readonly element: XmlElement,
    readonly reason: string,
  ) {
    super(reason);
  }
}
