import { FAMILIES, Family } from '../../../../net/address';
import { Problem } from '../../../../problems/problem';
import { Condition, TextFacts } from '../../../../evaluator/model';
import { BEGINNING, atAddress, atPort, isAddressOf, isPorted, ofProtocol, portsOf, protocolOf } from './conditions';
import { Configuration } from '../files/configuration';
import { Element, XmlFile } from '../files/files';
import { broken, unexpected } from '../files/problems';
import { asksIncluded, atLeast } from '../files/version';

/** `byRule`: a rule asks, which may name a destination itself. */
interface Asked {
  readonly byRule: boolean;
  readonly hasDestination: boolean;
  readonly accepts: boolean;
}
const UNASKED: Asked = { byRule: false, hasDestination: false, accepts: false };

const includesOf = ({ root }: XmlFile): readonly string[] =>
  root.children.filter(({ name }) => name === 'include').map(({ attributes }) => attributes['service']!);

/** Services, ports and protocols as the packets that they are. */
export class Services {
  constructor(
    private readonly configuration: Configuration,
    private readonly facts: TextFacts,
  ) {}

  /** Each way in which a packet is one of the service, what it includes among them. */
  ways(name: string, line: number, families: readonly Family[], asked: Asked): readonly (readonly Condition[])[] {
    const seen = new Set([name]);
    const found: (readonly Condition[])[] = [];
    for (const one of seen) {
      const file = this.configuration.definition('services', one, line);
      if (!file) continue;
      const { version } = this.configuration;
      if (!asked.byRule || asksIncluded(version)) for (const included of includesOf(file)) seen.add(included);
      found.push(...this.own(file, families, asked));
    }
    return found;
  }

  /** What firewalld doesn't load, of a service that nobody asks. */
  check(file: XmlFile): void {
    for (const included of includesOf(file)) this.configuration.definition('services', included, file.root.line);
    this.own(file, [], UNASKED);
  }

  private own(file: XmlFile, families: readonly Family[], asked: Asked): readonly (readonly Condition[])[] {
    const { children } = file.root;
    const named = (element: string): readonly Element[] => children.filter((one) => one.name === element);
    const wrong = (what: string): unknown => this.configuration.problems.push(broken(file.root.line, what));
    if (asked.accepts && named('module').length + named('helper').length > 0) this.facts.helpers = true;
    for (const { attributes } of named('helper'))
      if (asked.accepts && !this.configuration.hasHelper(attributes['name']!))
        wrong(`helpers/${attributes['name']!}.xml is not there.`);
    if (asked.hasDestination && named('destination').length > 0)
      wrong(`service ${file.name} has destinations of its own.`);
    const destinations = named('destination').flatMap((one) => this.destinations(one, families));
    const ends = named('destination').length > 0 ? destinations : [[]];
    const own = ['port', 'protocol', 'source-port'].flatMap((element) =>
      named(element).map((one) => this.packets(one, true)),
    );
    return ends.flatMap((end) => own.map((packets) => [...end, ...packets]));
  }

  private destinations(element: Element, families: readonly Family[]): readonly (readonly Condition[])[] {
    return FAMILIES.flatMap((family) => {
      const text = element.attributes[family === 'ip' ? 'ipv4' : 'ipv6'];
      if (text === undefined) return [];
      if (!isAddressOf(family, text))
        this.configuration.problems.push(broken(element.line, `${text} is no address of its family.`));
      const at = atAddress('destination', text);
      return at && families.includes(family) ? [[at]] : [];
    });
  }

  /** What a port, a source port or a protocol asks before it is let in or not: in 1.2 and earlier of connections that begin alone. */
  packets(element: Element, inService = false): readonly Condition[] {
    const asked = this.ports(element, inService);
    return atLeast(this.configuration.version, '1.3') ? asked : [...asked, BEGINNING];
  }

  /** In a service a port that is empty leaves the protocol. */
  ports(element: Element, inService = false): readonly Condition[] {
    const { line, attributes } = element;
    const { port = '', protocol = '', value } = attributes;
    const wrong = (problem: Problem): readonly Condition[] => {
      this.configuration.problems.push(problem);
      return [];
    };
    const name = port === '' && inService && element.name === 'port' ? protocol : value;
    if (name !== undefined) {
      const number = protocolOf(name);
      return number === undefined ? wrong(unexpected(line, `protocol ${name}`)) : [ofProtocol(number)];
    }
    const range = portsOf(port);
    if (!range)
      return wrong(
        /^[\d-]*$/.test(port)
          ? broken(line, `${port || 'an empty one'} is no port.`)
          : unexpected(line, `port ${port}`),
      );
    if (!isPorted(protocol)) return wrong(broken(line, `${protocol} is no protocol with ports.`));
    return [atPort(element.name === 'source-port' ? 'sport' : 'dport', protocol, range)];
  }
}
