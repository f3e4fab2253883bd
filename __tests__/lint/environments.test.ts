// Compares lint's findings on this repository's stacks (lab, production) with a list written by hand.

import { App } from 'cdktf';
import { Tree } from '../../constructs/tree';
import { lint } from '../../lib/lint/lint';
import { LintSubject } from '../../lib/lint/lint-subject';
import { EdgeEnvironment, EdgeStack } from '../../stacks/edge-stack';
import { lab } from '../../stacks/environments/lab';
import { production } from '../../stacks/environments/production';
import { subjectOf } from './samples/lint-subjects';

function subjectOfEnvironment(environment: EdgeEnvironment): LintSubject {
  const stack = new EdgeStack(new App({ stackTraces: false }), 'edge', environment);
  return subjectOf(
    ...Tree.of(stack)
      .listSites(stack)[0]!
      .verifications.map(({ policy, device, evaluated }) => ({
        name: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
        policy,
        device,
        reachability: evaluated.reachability,
      })),
  );
}

const said = (environment: EdgeEnvironment): readonly string[] =>
  lint(subjectOfEnvironment(environment)).map(({ severity, code, where }) => `${severity} ${code}: ${where}`);

/** Each finding was judged by hand; a new one has to be one that an experienced engineer would report. */
describe("the findings on this repository's environments", () => {
  it('lab: WHM is for operators, and service subdomains would expose it', () =>
    expect(said(lab)).toEqual([
      'warning ports/panel-via-443: server web1, owner hosting, profile cpanel',
      'note ports/smtps-tls12: server web1, owner hosting, profile cpanel',
    ]));

  it('production: servers without a panel get no licence callback, FTP is intended, and the mapping for partners only is reported', () =>
    expect(said(production)).toEqual([
      'warning licence/callback-closed: server exchange1, owner hosting, profile partners',
      'warning licence/callback-closed: server mail1, owner hosting, profile mail',
      'warning licence/callback-closed: server ns1, owner hosting, profile dns',
      'warning licence/restricted-mapping: gateway edge1, owner hosting, mappings exchange-north, exchange-south',
      'warning ports/ftp-prefer-sftp: server cpanel1, owner hosting, profile cpanel',
      'warning ports/panel-via-443: server cpanel1, owner hosting, profile cpanel',
      'note ports/closed-panel-via-443: server mail1, owner hosting, profile mail',
      'note ports/smtps-tls12: server cpanel1, owner hosting, profile cpanel',
      'note ports/smtps-tls12: server mail1, owner hosting, profile mail',
    ]));
});
