// Tests that Terraform tokens (values of other resources) are refused in an intent, because nothing could be verified
// about them.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'token as text',
    (w) => (w.mappings[0].internal = '${TfToken[TOKEN.1]}'),
    `intent/unknown-at-synth at mappings[0] internal: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
  ],
  [
    'token within text',
    (w) => (w.mappings[0].description = 'made by ${aws_instance.web.id}'),
    `intent/unknown-at-synth at mappings[0] description: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
  ],
  [
    'token as a list',
    (w) => (w.servers[0].profile.sources = ['#{TfToken[TOKEN.2]}']),
    `intent/unknown-at-synth at servers[0] profile sources[0]: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
  ],
  [
    'token as a number',
    (w) => {
      w.servers[0].profile.management.port = -8.109562212591379e298;
      w.servers[0].profile.extra = [{ ports: -8.109562212591379e298, protocol: 'tcp' }];
    },
    `intent/unknown-at-synth at servers[0] profile management.port: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
    `intent/unknown-at-synth at servers[0] profile extra[0].ports: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
  ],
  [
    'token as a map',
    (w) => (w.gateway.sourceSets = { '&{TfToken[TOKEN.3]}': undefined }),
    `intent/unknown-at-synth at gateway sourceSets: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
  ],
  [
    'token as an object',
    (w) => (w.mappings[0].enabled = { resolve: () => true, creationStack: [] }),
    `intent/unknown-at-synth at mappings[0] enabled: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with \${, %{, #{ or &{ in it counts as one.
  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.`,
  ],
];

refuses('tokens', WRONG);
