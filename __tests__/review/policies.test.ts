import { Policies } from '../../lib/review/policies';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { platformOf } from '../../lib/verifier/prove';
import { policiesOf, profile, server } from './samples';

describe('what the plans of a review hold', () => {
  const [web, other] = ['10.0.0.10', '10.0.0.11'].map(
    (address) => policiesOf({ servers: [server('web1', address, profile(['443/tcp']))] })[0]!,
  );
  const [policy, another] = [web!, other!].map(encodePolicy) as [string, string];
  const { text } = platformOf(web!).writer.write(web!);

  it('is decoded once, and written once for each text that there is of it', () => {
    const policies = new Policies();
    expect(policies.of(policy)).toEqual({ value: web });
    expect(policies.of(policy)).toBe(policies.of(policy));
    const written = policies.written({ policy, text });
    expect(written).toMatchObject({ value: { text } });
    expect(policies.written({ policy, text })).toBe(written);
    expect(policies.written({ policy, text: '' })).not.toBe(written);
    expect(policies.written({ policy: another, text })).toMatchObject({
      value: platformOf(other!).writer.write(other!),
    });
  });

  it('is refused once, and nothing is written for it', () => {
    const policies = new Policies();
    const refused = policies.of('{}');
    expect(refused).toMatchObject({ problems: [{ code: 'policy/odd-text' }] });
    expect(policies.written({ policy: '{}', text })).toBe(refused);
  });
});
