// Explanations of the codes constructs/…: mistakes in the user's stack that synthesis refuses.
// docs/reference/errors/constructs.md is made of them.
import { ExplanationPage } from './explanation-page';

export const constructExplanations: ExplanationPage = {
  name: 'constructs',
  title: 'Constructs that are used wrongly: constructs/…',
  introduction: '',
  explanations: {
    'constructs/address-of-gateway':
      'A server has an interface address of a gateway, so both would answer ARP for it. Write the address that `ip -o addr` prints on the server. Two sites that use the same private addresses belong into a stack each; a device that is gateway and server has one name (`device`) for both.',
    'constructs/address-of-other-gateway':
      "A virtual IP or public address of one gateway is an interface address of another one in the stack, so both would answer ARP. Give each gateway its own address; a pair shares virtual IPs only, which the review reports (`nat/public-address-twice`). A gateway's own address as a virtual IP is also found across stacks; one own address in two stacks isn't, since one may be a copy.",
    'constructs/arguments-swapped':
      '`gateway.publish(server, address)` takes the server first, then the public address. The message has the call in the right order.',
    'constructs/defaults-late':
      'Defaults apply to constructs that are made after them. Move `Defaults.on(…)` right behind the stack or construct that it is for. [Defaults](docs/reference/constructs/defaults.md).',
    'constructs/defaults-twice':
      'Two sets of defaults stand on one scope. Join them; for a group of servers make a construct of its own, whose defaults win field by field.',
    'constructs/gateway-or-mapping':
      'A [NatReflection](docs/reference/constructs/nat-reflection.md) is for a gateway or for one mapping, whose reflection wins. Give exactly one of the two.',
    'constructs/host-published':
      "SSH reaches the gateway by an address that a mapping translates to a server, so the new connection would end there. Use an address of the gateway's own interfaces as `host`.",
    'constructs/host-virtual-ip':
      "SSH reaches the gateway by one of its virtual IPs, which drops what isn't translated. Use an interface address, or let the virtual IP answer: `answers: [{ service: '22/tcp', from: ['198.51.100.0/24'] }]`.",
    'constructs/id-twice':
      'Two constructs of one scope have the same id, often by a copied line or a loop. Name each after its purpose: `web-nat`, or `${name}-nat`. A second problem about a name left to the id goes with the same change.',
    'constructs/name-needed':
      '`publish` names the mapping after the public address, and a second server on it would get the same name. Give it a `name`; it also stays if the first call is deleted.',
    'constructs/no-address':
      '`gateway.publish(server, address)` takes the public address as text in second place, options third. Check that the variable is set and a promise awaited. For a block, call it once for each address, or use OneToOneNat with subnets.',
    'constructs/no-capture':
      '`Gateway.fromCapture` takes the text that `cpanel-edge capture` wrote, not its path or an object. Read the file with `readFileSync`.',
    'constructs/no-command':
      "Terraform starts this package's command by its path, which Yarn's Plug'n'Play and bundlers take away. Set `nodeLinker: node-modules` in .yarnrc.yml, mark the package `external`, or set CPANEL_EDGE to the command for synth and apply.",
    'constructs/no-framework':
      "The stack's framework is not installed under its own name, or twice. `npm:cdktn@0.24.0` under the name `cdktf` is such an alias: depend on `cdktn` itself, and import from it. `npm ls cdktf cdktn` shows a second copy; `npm dedupe` leaves one.",
    'constructs/no-gateway':
      'A mapping needs a gateway: by `virtualIp`, or by `gateway` and `external` for addresses that are routed. [OneToOneNat](docs/reference/constructs/one-to-one-nat.md).',
    'constructs/no-props':
      "A construct takes scope, id and props, in this order, and the third isn't an object. Check whether scope or id was left out.",
    'constructs/no-stack':
      "Gateways and servers belong into a stack; the scope here is the `App`. Inside a stack's constructor write `this`, not `scope`. Only a `CpanelFirewallProfile` may stand in the App.",
    'constructs/no-virtual-ip-made':
      'These options are for a new virtual IP, and this call makes none. Set them on the `VirtualIp` that has the address, or leave them out.',
    'constructs/not-a-construct':
      'The field takes a construct of this package, not its name, props or a look-alike. If it is one, the project holds the package twice: `npm ls cpanel-edge` shows where.',
    'constructs/one-connection':
      "Two devices of the stack have one connection, by the same or another address of it, so one would get the other's rules. Give each its own `host` and `hostKeys`; without `host` a server is reached at its only address. Different jump hosts or ports count as different; two owners of one device have one `device` name.",
    'constructs/other-app':
      'The construct belongs to another `App`, whose parts are verified and written apart. Make both in one App; stacks may differ.',
    'constructs/other-gateway': "The mapping names another gateway than its virtual IP's. Leave `gateway` out.",
    'constructs/owned-twice':
      'Two constructs of one owner on one device would replace each other. Join them, or give the second another `owner`.',
    'constructs/release-resource':
      'A release is a `null_resource` or `terraform_data`. Write one of these; `terraform_data` is built into Terraform and needs no registry.',
    'constructs/said-by-publish':
      "`publish` and `add…` take gateway, server, address and name of the virtual IP from the call, so the options can't set them. For every field use `new VirtualIp` and `new OneToOneNat`.",
    'constructs/server-by-address':
      "The mapping has the address of a `CpanelServer` as text, so the server's profile, reflection and `cpnat` don't apply. Pass the server: `gateway.publish(server, '203.0.113.10')`. A host of another site with the same private address belongs into a stack of its own.",
    'constructs/ssh-closed':
      "The profile opens the connection's SSH port to no source, so the delivery would roll back. Write the port of sshd both in `management` and in the connection. A port forwarded at another address isn't checked.",
    'constructs/ssh-closed-to-jump':
      "SSH comes from the jump host, whose address on the server's side is neither in `management` nor in `trustedNetworks`. Add it: of a gateway its inside address, such as `10.0.0.1`. Other jump hosts, by name or in another network, aren't checked.",
    'constructs/ssh-not-led-on':
      "The connection or a jump host uses a public address of a gateway that doesn't pass that port to a server. Open it by `management` of the mapped server's profile (whether your network is in it isn't checked), or reach the server at its own address by a jump host.",
    'constructs/witness-denied':
      "The stack denies the packet that must pass the health check, so every delivery would roll back. Check its destination (as the sender writes it, before translation), source, port and interface. What the policy doesn't decide, such as access to the gateway itself, isn't checked.",
  },
};
