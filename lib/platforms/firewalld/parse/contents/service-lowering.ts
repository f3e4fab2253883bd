// Lowers firewalld's services, and the elements port, source-port and protocol of zones and policies, to conditions of
// the ruleset model. Broken definitions become problems.

import { FAMILIES, Family } from '../../../../net/address';
import { Problem } from '../../../../problems/problem';
import { Condition, RulesetFacts } from '../../../../evaluator/ruleset-model';
import {
  NEW_CONNECTION,
  createAddressCondition,
  createPortCondition,
  isAddressInFamily,
  hasPorts,
  createProtocolCondition,
  parsePortRange,
  parseProtocol,
} from './match-conditions';
import { FirewalldConfiguration } from '../files/firewalld-configuration';
import { FirewalldElement, XmlFile } from '../files/firewalld-files';
import { createBrokenProblem, createUnexpectedProblem } from '../files/parse-problems';
import { appliesToIncludes, isAtLeast } from '../files/firewalld-version';

/** How a service is used. `byRule`: a rich rule uses it, which may name a destination itself. */
interface ServiceUse {
  readonly byRule: boolean;
  readonly hasDestination: boolean;
  readonly accepts: boolean;
}
const UNUSED_SERVICE: ServiceUse = { byRule: false, hasDestination: false, accepts: false };

const listIncludes = ({ root }: XmlFile): readonly string[] =>
  root.children.filter(({ name }) => name === 'include').map(({ attributes }) => attributes['service']!);

/** Lowers services, ports and protocols to conditions. */
export class ServiceLowering {
  constructor(
    private readonly configuration: FirewalldConfiguration,
    private readonly facts: RulesetFacts,
  ) {}

  /**
   * Returns one list of conditions for each way in which a packet belongs to the service, including the services that
   * it includes.
   */
  lowerService(
    name: string,
    line: number,
    families: readonly Family[],
    use: ServiceUse,
  ): readonly (readonly Condition[])[] {
    const serviceNames = new Set([name]);
    const alternatives: (readonly Condition[])[] = [];
    for (const serviceName of serviceNames) {
      const file = this.configuration.findDefinition('services', serviceName, line);
      if (!file) continue;
      const { version } = this.configuration;
      if (!use.byRule || appliesToIncludes(version))
        for (const included of listIncludes(file)) serviceNames.add(included);
      alternatives.push(...this.lowerServiceFile(file, families, use));
    }
    return alternatives;
  }

  /** Reports a service that firewalld can't load, even if no zone uses it. */
  checkService(file: XmlFile): void {
    for (const included of listIncludes(file)) this.configuration.findDefinition('services', included, file.root.line);
    this.lowerServiceFile(file, [], UNUSED_SERVICE);
  }

  private lowerServiceFile(
    file: XmlFile,
    families: readonly Family[],
    use: ServiceUse,
  ): readonly (readonly Condition[])[] {
    const { children } = file.root;
    const listElements = (element: string): readonly FirewalldElement[] =>
      children.filter((child) => child.name === element);
    const report = (message: string): unknown =>
      this.configuration.problems.push(createBrokenProblem(file.root.line, message));
    if (use.accepts && listElements('module').length + listElements('helper').length > 0) this.facts.hasHelpers = true;
    for (const { attributes } of listElements('helper'))
      if (use.accepts && !this.configuration.hasHelper(attributes['name']!))
        report(`helpers/${attributes['name']!}.xml is not there.`);
    if (use.hasDestination && listElements('destination').length > 0)
      report(`service ${file.name} has destinations of its own.`);
    const destinations = listElements('destination').flatMap((child) => this.lowerDestinations(child, families));
    const endConditions = listElements('destination').length > 0 ? destinations : [[]];
    const packetConditions = ['port', 'protocol', 'source-port'].flatMap((element) =>
      listElements(element).map((child) => this.lowerPackets(child, true)),
    );
    return endConditions.flatMap((destination) => packetConditions.map((packets) => [...destination, ...packets]));
  }

  private lowerDestinations(element: FirewalldElement, families: readonly Family[]): readonly (readonly Condition[])[] {
    return FAMILIES.flatMap((family) => {
      const text = element.attributes[family === 'ip' ? 'ipv4' : 'ipv6'];
      if (text === undefined) return [];
      if (!isAddressInFamily(family, text))
        this.configuration.problems.push(createBrokenProblem(element.line, `${text} is no address of its family.`));
      const condition = createAddressCondition('destination', text);
      return condition && families.includes(family) ? [[condition]] : [];
    });
  }

  /** Returns the conditions of a port, a source port or a protocol. Up to 1.2 they match new connections only. */
  lowerPackets(element: FirewalldElement, inService = false): readonly Condition[] {
    const conditions = this.lowerPorts(element, inService);
    return isAtLeast(this.configuration.version, '1.3') ? conditions : [...conditions, NEW_CONNECTION];
  }

  /** Returns the conditions on the port or protocol. In a service, an empty port leaves the protocol alone. */
  lowerPorts(element: FirewalldElement, inService = false): readonly Condition[] {
    const { line, attributes } = element;
    const { port = '', protocol = '', value } = attributes;
    const report = (problem: Problem): readonly Condition[] => {
      this.configuration.problems.push(problem);
      return [];
    };
    const name = port === '' && inService && element.name === 'port' ? protocol : value;
    if (name !== undefined) {
      const number = parseProtocol(name);
      return number === undefined
        ? report(createUnexpectedProblem(line, `protocol ${name}`))
        : [createProtocolCondition(number)];
    }
    const range = parsePortRange(port);
    if (!range)
      return report(
        /^[\d-]*$/.test(port)
          ? createBrokenProblem(line, `${port || 'an empty one'} is no port.`)
          : createUnexpectedProblem(line, `port ${port}`),
      );
    if (!hasPorts(protocol)) return report(createBrokenProblem(line, `${protocol} is no protocol with ports.`));
    return [createPortCondition(element.name === 'source-port' ? 'sport' : 'dport', protocol, range)];
  }
}
