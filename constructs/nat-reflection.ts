// The construct NatReflection: how inside hosts reach public addresses (hairpin NAT).

import { Construct } from 'constructs';
import { NatReflectionIntent, ReflectionIntent } from '../lib/intent/intent';
import { Problem } from '../lib/problems/problem';
import { IGateway, findGateway } from './gateway-reference';
import { readProps, findFreeId, createNotAConstruct } from './construct-props';
import { OneToOneNat, findMapping } from './one-to-one-nat';

/** Props of a NAT reflection. Exactly one of `gateway` and `mapping`. */
export type NatReflectionProps = ReflectionIntent &
  (
    | {
        /**
         * Gateway, for all its mappings that have no reflection of their own.
         *
         * @default `mapping`
         * @example gateway: edge1
         * @throws constructs/gateway-or-mapping, intent/duplicate
         */
        readonly gateway: IGateway;
        readonly mapping?: undefined;
      }
    | {
        /**
         * One mapping. Overrides the reflection of its gateway.
         *
         * @default `gateway`
         * @example mapping: edge1.publish(mail1, '203.0.113.10').mapping
         * @throws constructs/gateway-or-mapping, intent/duplicate
         */
        readonly mapping: OneToOneNat;
        readonly gateway?: undefined;
      }
  );

/**
 * NAT reflection (hairpin): how inside hosts and the server itself reach public addresses. It is for one mapping, or
 * for all mappings of a gateway that have none of their own.
 *
 * @example new NatReflection(stack, 'no-hairpin-from-guests', { mapping, mode: 'pure-nat', from: ['lan0'], onServer: true });
 * @throws constructs/no-props, constructs/id-twice, constructs/not-a-construct, constructs/other-app
 */
export class NatReflection extends Construct {
  constructor(scope: Construct, id: string, props: NatReflectionProps) {
    super(scope, findFreeId(scope, id));
    const {
      tree,
      where,
      props: ownProps,
      isEmpty,
    } = readProps(this, 'NatReflection', id, props, ['gateway', 'mapping']);
    const { gateway, mapping, ...intent } = ownProps;
    const mappingRecord = findMapping(mapping);
    const gatewayRecord = mappingRecord ? mappingRecord.gateway : findGateway(gateway);
    const problems = isEmpty ? [] : checkParts(where, gateway, mapping);
    tree.record(...problems);
    if (gatewayRecord && problems.length === 0)
      gatewayRecord.parts.addReflection(where, {
        ...intent,
        ...(mappingRecord ? { mapping: mappingRecord.name } : {}),
      } as NatReflectionIntent);
  }
}

function checkParts(location: string, gateway: unknown, mapping: unknown): readonly Problem[] {
  if ((gateway === undefined) === (mapping === undefined))
    return [createGatewayOrMappingProblem(location, gateway === undefined)];
  if (mapping !== undefined)
    return findMapping(mapping) ? [] : [createNotAConstruct(location, 'mapping', 'OneToOneNat', mapping)];
  return findGateway(gateway) ? [] : [createNotAConstruct(location, 'gateway', 'Gateway', gateway)];
}

const createGatewayOrMappingProblem = (where: string, namesNeither: boolean): Problem => ({
  code: 'constructs/gateway-or-mapping',
  where,
  what: namesNeither ? 'It names neither a gateway nor a mapping.' : 'It names a gateway and a mapping.',
  instead: 'gateway, for all its mappings that have no reflection of their own; or mapping, for that one.',
});
