// A server that another app delivers, as mappings of a gateway need it: parses its intent to addresses and allow
// rules.

import { Address } from '../net/address';
import { NetworkInterface } from '../net/device';
import { Problem } from '../problems/problem';
import { IntentFields, IntentLocation, findTextField, runGuarded } from './fields';
import { deliveredServerSchema } from './intent-schemas';
import { parseInterfaceAddresses } from './interfaces';
import type { CpanelFirewallProfileIntent } from './profile-intent';
import { Profile, compileProfile } from './profile';
import type { MappableServer } from './server-policy-builder';

/** A server that another app delivers, as the mappings of a gateway need it. */
export interface DeliveredServerIntent {
  /** Name of the device in plans and reports. */
  readonly device: string;
  /**
   * All local addresses, IPv4 and IPv6, with or without a prefix length.
   *
   * @example addresses: ['10.0.0.10']
   * @throws intent/bad-address, intent/duplicate, intent/network-differs, intent/link-local
   */
  readonly addresses: readonly string[];
}

/** A server that is mapped here and delivered by another app. No intent makes it throw. */
export class DeliveredServer implements MappableServer {
  readonly writtenName: string | undefined;
  readonly device: string | undefined;
  readonly interfaces: readonly NetworkInterface[] = [];
  readonly profile: Profile | undefined;
  readonly problems: Problem[] = [];

  constructor(where: string, intent: DeliveredServerIntent, profile: CpanelFirewallProfileIntent | undefined) {
    this.writtenName = findTextField(intent, 'device');
    if (profile) this.profile = compileProfile(where, profile);
    const location = new IntentLocation(where, this.problems);
    const parsed: { device?: string; addresses?: NetworkInterface['addresses'] } = {};
    runGuarded(location, () => {
      const expected = "An object: { addresses: ['10.0.0.10'] }";
      const fields = IntentFields.parse(intent, location, deliveredServerSchema, expected, {
        isNested: false,
        refusedKeys: ['profile'],
      });
      const device = fields?.parseName('device');
      if (device !== undefined) parsed.device = device;
      const addresses = fields?.parseRequired('addresses', "['10.0.0.10']", (value, fieldLocation) =>
        parseInterfaceAddresses(value, fieldLocation, true),
      );
      if (addresses !== undefined) parsed.addresses = addresses;
    });
    if (parsed.addresses !== undefined && parsed.addresses.length > 0) {
      this.device = parsed.device;
      this.interfaces = [{ name: 'eth0', role: 'outside', addresses: parsed.addresses, routes: [] }];
    }
  }

  get addresses(): readonly Address[] {
    return this.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  }

  /** The app that delivers the server knows its own public addresses. */
  addTranslator(): void {}
}
