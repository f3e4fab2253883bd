/** The package's entry `cpanel-edge`: the constructs and the types of their props. */
export {
  CpanelFirewallProfile,
  type CpanelFirewallProfileProps,
  type ICpanelFirewallProfile,
} from './cpanel-firewall-profile';
export { CpanelServer, type CpanelServerAttributes, type CpanelServerProps, type ICpanelServer } from './cpanel-server';
export { Defaults, type DefaultsProps } from './defaults';
export type { IGateway } from './gateway-reference';
export { type AddedMappingProps, type FromCaptureProps, Gateway, type GatewayProps } from './gateway';
export type { PublishOptions, Published } from './publish';
export { NatReflection, type NatReflectionProps } from './nat-reflection';
export { OneToOneNat, type OneToOneNatProps } from './one-to-one-nat';
export { DecommissionedOwner, HandedOverOwner, type RemovedOwnersProps } from './removed-owners';
export { VirtualIp, type VirtualIpProps } from './virtual-ip';
export type { AllowedOpening, Acknowledgement, ReviewRules } from '../lib/review/rules';
