// Returns the exposure report on the text of a ruleset file, for tests. Also reads the sample rulesets of real servers
// (`wild`) of nftables and iptables.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExposureOptions, parseQuestion } from '../../lib/exposure/answer/question';
import { decodeText } from '../../lib/exposure/texts/decode-text';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { Facts, NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { ExposureReport } from '../../lib/exposure/report/exposure-report-types';

/** Returns the report of the command `exposure` on a file. */
export function reportOf(
  text: string,
  asking: ExposureOptions = {},
  facts: Facts = NO_FACTS,
  name = 'rules.nft',
): ExposureReport {
  const recognized = recognizeText(decodeText(Buffer.from(text), name), name);
  if (recognized.is !== 'rules') throw new Error(recognized.is);
  return createExposureReport([{ ...recognized, name }], facts, parseQuestion(asking));
}

/** Rules of nft as a typical server has them. */
export const wild = (name: string): string =>
  readFileSync(join(__dirname, '../platforms/nftables/wild', `${name}.nft`), 'utf8');

/** Rules of iptables-save. */
export const wildTables = (name: string): string =>
  readFileSync(join(__dirname, '../platforms/iptables/wild', `${name}.rules`), 'utf8');
