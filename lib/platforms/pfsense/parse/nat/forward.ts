import { Family } from '../../../../net/address';
import { PfLine, PfTarget } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { BoxInterface } from '../box/box';
import { LocalPort } from './local-port';
import { Compared } from '../../../../parse/pf/matched';
import { KnownPorts } from '../../../../parse/pf/known';

/** All of a port forward that stays the same wherever it is met. */
export interface Forward {
  readonly element: XmlElement;
  readonly line: PfLine;
  readonly family: Family;
  readonly each: BoxInterface | undefined;
  readonly names: readonly string[];
  readonly compared: Omit<Compared, 'line' | 'on'>;
  readonly ports: KnownPorts | undefined;
  readonly local: LocalPort;
  readonly no: boolean;
  readonly pass: boolean;
  readonly target: PfTarget | undefined;
}
