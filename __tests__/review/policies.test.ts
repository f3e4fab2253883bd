// Tests that a review decodes each policy and generates each text once, also if many plans hold it, and reports a
// broken policy once.

import { PolicyCache } from '../../lib/review/policy-cache';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { policiesOf, profile, server } from './samples';

describe('a policy in several plans of a review', () => {
  const [web, other] = ['10.0.0.10', '10.0.0.11'].map(
    (address) => policiesOf({ servers: [server('web1', address, profile(['443/tcp']))] })[0]!,
  );
  const [policy, another] = [web!, other!].map(encodePolicy) as [string, string];
  const { text } = getPlatform(web!).generator.write(web!);

  it('is decoded once, and its config is generated once for each text', () => {
    const policies = new PolicyCache();
    expect(policies.decode(policy)).toEqual({ value: web });
    expect(policies.decode(policy)).toBe(policies.decode(policy));
    const written = policies.regenerate({ policy, text });
    expect(written).toMatchObject({ value: { text } });
    expect(policies.regenerate({ policy, text })).toBe(written);
    expect(policies.regenerate({ policy, text: '' })).not.toBe(written);
    expect(policies.regenerate({ policy: another, text })).toMatchObject({
      value: getPlatform(other!).generator.write(other!),
    });
  });

  it('is refused once, and nothing is generated for it', () => {
    const policies = new PolicyCache();
    const refused = policies.decode('{}');
    expect(refused).toMatchObject({ problems: [{ code: 'policy/odd-text' }] });
    expect(policies.regenerate({ policy: '{}', text })).toBe(refused);
  });
});
