import { Family } from '../../../net/address';
import { Condition, TextFacts } from '../../../reading/stages/model';
import { XmlElement } from '../../../xml/xml';
import { atAddress, atPort, isAddressOf, isPorted, ofProtocol, portsOf, protocolOf } from './conditions';
import { Configuration } from './configuration';
import { XmlFile } from './files';
import { broken } from './problems';
import { lineOf } from './said';

const PLAIN = { hasDestination: false, accepts: true };

/** Services, ports and protocols as the packets that they are. */
export class Services {
  constructor(
    private readonly configuration: Configuration,
    private readonly facts: TextFacts,
  ) {}

  /** Each way in which a packet is one of the service, what it includes among them. `asked`: by a rule that may name one itself. */
  ways(
    name: string,
    line: number,
    families: readonly Family[],
    asked: { readonly hasDestination: boolean; readonly accepts: boolean } = PLAIN,
    seen = new Set<string>(),
  ): readonly (readonly Condition[])[] {
    seen.add(name);
    const file = this.configuration.definition('services', name, line);
    if (!file) return [];
    const { children } = file.root;
    const named = (element: string): readonly XmlElement[] => children.filter((one) => one.name === element);
    if (asked.accepts && named('module').length + named('helper').length > 0) this.facts.helpers = true;
    const included = named('include').flatMap(({ attributes }) =>
      seen.has(attributes['service']!) ? [] : this.ways(attributes['service']!, lineOf(file, file.root), families, asked, seen),
    );
    if (asked.hasDestination && named('destination').length > 0)
      this.configuration.problems.push(broken(line, `service ${name} has destinations of its own.`));
    const destinations = named('destination').flatMap((one) => this.destinations(file, one, families));
    const ends = named('destination').length > 0 ? destinations : [[]];
    const own = ['port', 'protocol', 'source-port'].flatMap((element) => named(element).map((one) => this.packets(file, one)));
    return [...included, ...ends.flatMap((end) => own.map((packets) => [...end, ...packets]))];
  }

  private destinations(file: XmlFile, element: XmlElement, families: readonly Family[]): readonly (readonly Condition[])[] {
    return (['ip', 'ip6'] as const).flatMap((family) => {
      const text = element.attributes[family === 'ip' ? 'ipv4' : 'ipv6'];
      if (text === undefined) return [];
      if (!isAddressOf(family, text))
        this.configuration.problems.push(broken(lineOf(file, element), `${text} is no address of its family.`));
      const at = atAddress('destination', text);
      return at && families.includes(family) ? [[at]] : [];
    });
  }

  /** What a port, a source port or a protocol asks. */
  packets(file: XmlFile, element: XmlElement): readonly Condition[] {
    const { port, protocol = '', value } = element.attributes;
    const wrong = (what: string): readonly Condition[] => {
      this.configuration.problems.push(broken(lineOf(file, element), what));
      return [];
    };
    const name = port === '' ? protocol : value;
    if (name !== undefined) {
      const number = protocolOf(name);
      return number === undefined ? wrong(`${name} is no protocol.`) : [ofProtocol(number)];
    }
    const range = portsOf(port!);
    if (!range) return wrong(`${port!} is no port.`);
    if (!isPorted(protocol)) return wrong(`${protocol} is no protocol with ports.`);
    return [atPort(element.name === 'source-port' ? 'sport' : 'dport', protocol, range)];
  }
}
