// The type of a parsed port forward of pfSense, as far as it is the same on every interface.

import { Family } from '../../../../net/address';
import { PfLine, PfTarget } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseInterface } from '../box/box';
import { LocalPort } from './local-port';
import { PfCriteria } from '../../../../parse/pf/match-packets';
import { PortBounds } from '../../../../parse/pf/range-bounds';

/** The parts of a port forward that are the same on every interface. */
export interface ParsedForward {
  readonly element: XmlElement;
  readonly line: PfLine;
  readonly family: Family;
  readonly singleInterface: PfsenseInterface | undefined;
  readonly names: readonly string[];
  readonly criteria: Omit<PfCriteria, 'line' | 'on'>;
  readonly ports: PortBounds | undefined;
  readonly local: LocalPort;
  readonly no: boolean;
  readonly pass: boolean;
  readonly target: PfTarget | undefined;
}
