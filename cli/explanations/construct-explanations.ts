// Explanations of the codes constructs/…: mistakes in the user's stack that synthesis refuses.
// docs/reference/errors/constructs.md is made of them.
import { ExplanationPage } from './explanation-page';

export const constructExplanations: ExplanationPage = {
  name: 'constructs',
  title: 'Constructs that are used wrongly: constructs/…',
  introduction: '',
  explanations: {
    'constructs/address-of-gateway':
      'A server has an interface address of a gateway, so both would answer ARP for it. Write the address that `ip -o addr` prints on the server. Two sites with the same private addresses belong into a stack each; a device that is both has one `device` name.',
    'constructs/address-of-other-gateway':
      'A virtual IP or public interface address of one gateway is an interface address of another one in the stack, so both would answer ARP. Give each its own; a pair shares virtual IPs only, which the review reports (`nat/public-address-twice`).',
    'constructs/arguments-swapped': '`gateway.publish(server, address)` takes the server first. Swap the two.',
    'constructs/defaults-late':
      'Defaults apply to constructs that are made after them. Move `Defaults.on(…)` right behind its stack or construct. [Defaults](docs/reference/constructs/defaults.md).',
    'constructs/defaults-twice':
      'Two sets of defaults stand on one scope. Join them; a group of servers may have a construct of its own, whose defaults win.',
    'constructs/gateway-or-mapping':
      'A [NatReflection](docs/reference/constructs/nat-reflection.md) is for a gateway or for one mapping, whose reflection wins. Give one of the two.',
    'constructs/host-published':
      'SSH reaches the gateway by an address that a mapping translates to a server. Use an interface address as `host`.',
    'constructs/host-virtual-ip':
      "SSH reaches the gateway by one of its virtual IPs, which drops untranslated packets. Use an interface address, or let it answer: `answers: [{ service: '22/tcp', from: ['198.51.100.0/24'] }]`.",
    'constructs/id-twice':
      'Two constructs of one scope have the same id, often in a loop. Name each after its purpose: `web-nat`, or `${name}-nat`.',
    'constructs/name-needed':
      '`publish` names the mapping after the public address, and a second server on it needs another. Give it a `name`.',
    'constructs/no-address':
      '`gateway.publish(server, address)` takes the public address as text in second place. Check that the variable is set and a promise awaited. For a block call it for each address, or use OneToOneNat.',
    'constructs/no-capture':
      '`Gateway.fromCapture` takes the text that `cpanel-edge capture` wrote. Read the file with `readFileSync`.',
    'constructs/no-command':
      "Terraform starts this package's command by its path, which Yarn's Plug'n'Play and bundlers take away. Set `nodeLinker: node-modules`, mark the package `external`, or set CPANEL_EDGE to the command.",
    'constructs/no-framework':
      "The stack's framework isn't installed under its own name, as with an alias (`npm:cdktn@0.24.0` as `cdktf`), or is there twice. Depend on `cdktn` itself, and import from it. `npm ls cdktf cdktn` shows a second copy; `npm dedupe` leaves one.",
    'constructs/no-gateway':
      'A mapping needs a gateway: by `virtualIp`, or by `gateway` and `external` for routed addresses. [OneToOneNat](docs/reference/constructs/one-to-one-nat.md).',
    'constructs/no-props':
      "A construct takes scope, id and props, in this order, and the third isn't an object. Look for a missing one.",
    'constructs/no-stack':
      "Gateways and servers belong into a stack; the scope here is the `App`. Inside a stack's constructor write `this`, not `scope`.",
    'constructs/no-virtual-ip-made':
      'These options are for a new virtual IP, and this call makes none. Set them on the `VirtualIp` that has the address.',
    'constructs/not-a-construct':
      'The field takes a construct of this package. If it is one, the project holds the package twice: `npm ls cpanel-edge` shows where.',
    'constructs/one-connection':
      "Two devices of the stack have one connection, so one would get the other's rules. Give each its own `host` and `hostKeys`; two owners of one device have one `device` name.",
    'constructs/other-app': 'The construct belongs to another `App`. Make both in one; stacks may differ.',
    'constructs/other-gateway': "The mapping names another gateway than its virtual IP's. Leave `gateway` out.",
    'constructs/owned-twice':
      'Two constructs of one owner on one device would replace each other. Join them, or change one `owner`.',
    'constructs/release-resource':
      'A release is a `null_resource` or a `terraform_data`, which is built into Terraform. Write one of these.',
    'constructs/said-by-publish':
      '`publish` and `add…` take these fields of the virtual IP from the call. For every field use `new VirtualIp` and `new OneToOneNat`.',
    'constructs/server-by-address':
      "The mapping has a `CpanelServer`'s address as text, so its profile, reflection and `cpnat` don't apply. Pass the server. A host of another site belongs into a stack of its own.",
    'constructs/ssh-closed':
      "The profile opens the connection's SSH port to no source, so the delivery would roll back. Write the port of sshd in `management` and in the connection.",
    'constructs/ssh-closed-to-jump':
      "SSH comes from the jump host, whose address is neither in `management` nor in `trustedNetworks`. Add the one on the server's side: of a gateway its inside address.",
    'constructs/ssh-not-led-on':
      "The connection or a jump host uses a public address whose gateway doesn't pass that port to a server. Open it by `management` of the server's profile, or reach the server at its own address by a jump host.",
    'constructs/witness-denied':
      "The stack denies the health check's packet, so every delivery would roll back. Check its destination (before translation), source, port and interface.",
  },
};
