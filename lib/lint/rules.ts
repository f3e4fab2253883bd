// The list of all lint rules, by code. A rule that isn't listed here isn't run.

import { adminLockout } from './access/admin-lockout';
import { banIgnored } from './access/ban-ignored';
import { hacIgnored } from './access/hac-ignored';
import { managementOpen } from './access/management-open';
import { openingBlocked } from './access/opening-blocked';
import { openingHeld } from './access/opening-held';
import { openingTwice } from './access/opening-twice';
import { sshOpen } from './access/ssh-open';
import { whmOpen } from './access/whm-open';
import { badLine } from './cpnat/bad-line';
import { duplicateLocal } from './cpnat/duplicate-local';
import { duplicatePublic } from './cpnat/duplicate-public';
import { cpnatEmpty } from './cpnat/empty';
import { existingProduction } from './cpnat/existing-production';
import { flagWithoutNat } from './cpnat/flag-without-nat';
import { cpnatHairpinMissing } from './cpnat/hairpin-missing';
import { ipv6Line } from './cpnat/ipv6';
import { loopbackLocal } from './cpnat/loopback-local';
import { myipBlocked } from './cpnat/myip-blocked';
import { myipCustom } from './cpnat/myip-custom';
import { notOneToOne } from './cpnat/not-one-to-one';
import { cpnatReleaseDiffers } from './cpnat/release-differs';
import { shadowedLine } from './cpnat/shadowed-line';
import { snatAsymmetric } from './cpnat/snat-asymmetric';
import { backendNotRecommended } from './device/backend-not-recommended';
import { configureFirewallWipes } from './device/configure-firewall-wipes';
import { firewalldWithCsfApf } from './device/firewalld-with-csf-apf';
import { callbackClosed } from './licence/callback-closed';
import { callbackUnknown } from './licence/callback-unknown';
import { egressBlocked } from './licence/egress-blocked';
import { portChangingNat } from './licence/port-changing-nat';
import { restrictedMapping } from './licence/restricted-mapping';
import { defaultAcceptForward } from './nat/default-accept-forward';
import { foreignOutboundNat } from './nat/foreign-outbound-nat';
import { forwardShadowsMapping } from './nat/forward-shadows-mapping';
import { hairpinLaundersSource } from './nat/hairpin-launders-source';
import { hairpinMissingForNeighbours } from './nat/hairpin-missing-for-neighbours';
import { hidesClients } from './nat/hides-clients';
import { hostRefuses } from './nat/host-refuses';
import { mappingOpensNothing } from './nat/mapping-opens-nothing';
import { portForwardWouldDo } from './nat/port-forward-would-do';
import { privateAddressTwice } from './nat/private-address-twice';
import { publicAddressTwice } from './nat/public-address-twice';
import { serverBehindTwoGateways } from './nat/server-behind-two-gateways';
import { vipReachesGateway } from './nat/vip-reaches-gateway';
import { vipUnanswered } from './nat/vip-unanswered';
import { vipUnused } from './nat/vip-unused';
import { apnsOnly } from './outbound/apns-only';
import { aptKeyPort } from './outbound/apt-key-port';
import { autosslEgress } from './outbound/autossl-egress';
import { bySourcePort } from './ports/by-source-port';
import { closedPanelVia443 } from './ports/closed-panel-via-443';
import { easPluginMissing } from './ports/eas-plugin-missing';
import { everythingOpen } from './ports/everything-open';
import { ftpPassiveClosed } from './ports/ftp-passive-closed';
import { ftpPassiveMismatch } from './ports/ftp-passive-mismatch';
import { ftpPreferSftp } from './ports/ftp-prefer-sftp';
import { httpRoleDisabled } from './ports/http-role-disabled';
import { insecureLoginPort } from './ports/insecure-login-port';
import { ipv6Wider } from './ports/ipv6-wider';
import { localhostOnlyBlocked } from './ports/localhost-only-blocked';
import { localhostOnlyExposed } from './ports/localhost-only-exposed';
import { mysqlPublic } from './ports/mysql-public';
import { panelVia443 } from './ports/panel-via-443';
import { plaintextOpen } from './ports/plaintext-open';
import { port26NotEnabled } from './ports/port26-not-enabled';
import { smtpsTls12 } from './ports/smtps-tls12';
import { twoFilters } from './ports/two-filters';
import { unusedOpen } from './ports/unused-open';
import { LintRule } from './lint-rule';

/** One line per rule, by code. */
export const lintRules: readonly LintRule[] = [
  adminLockout,
  banIgnored,
  hacIgnored,
  managementOpen,
  openingBlocked,
  openingHeld,
  openingTwice,
  sshOpen,
  whmOpen,
  duplicatePublic,
  cpnatHairpinMissing,
  myipBlocked,
  notOneToOne,
  cpnatReleaseDiffers,
  snatAsymmetric,
  existingProduction,
  shadowedLine,
  duplicateLocal,
  loopbackLocal,
  ipv6Line,
  badLine,
  cpnatEmpty,
  flagWithoutNat,
  myipCustom,
  backendNotRecommended,
  configureFirewallWipes,
  firewalldWithCsfApf,
  callbackClosed,
  callbackUnknown,
  egressBlocked,
  portChangingNat,
  restrictedMapping,
  defaultAcceptForward,
  foreignOutboundNat,
  forwardShadowsMapping,
  hairpinLaundersSource,
  hairpinMissingForNeighbours,
  hidesClients,
  hostRefuses,
  mappingOpensNothing,
  portForwardWouldDo,
  publicAddressTwice,
  privateAddressTwice,
  serverBehindTwoGateways,
  vipReachesGateway,
  vipUnanswered,
  vipUnused,
  apnsOnly,
  aptKeyPort,
  autosslEgress,
  bySourcePort,
  closedPanelVia443,
  easPluginMissing,
  everythingOpen,
  ftpPassiveClosed,
  ftpPreferSftp,
  insecureLoginPort,
  ipv6Wider,
  localhostOnlyBlocked,
  localhostOnlyExposed,
  mysqlPublic,
  panelVia443,
  plaintextOpen,
  port26NotEnabled,
  smtpsTls12,
  twoFilters,
  ftpPassiveMismatch,
  httpRoleDisabled,
  unusedOpen,
];
