import { Device } from '../../../net/device';
import { Reader } from '../../../reading/reader';
import { Lowered, readingOf } from '../../../reading/stages/reading';
import { lowerSaved } from '../../../reading/xtables/lower-saved';
import { Saved } from '../../../reading/xtables/saved';
import { configurationOf } from './configuration';
import { Files, filesOf } from './files';
import { say } from './problems';

/** Reads the files of APF, as `tail -v -n +1` prints them, as what apf-firewall 9.7 loads from them at its first start. */
export const reader: Reader = {
  read: (text, device) => readingOf('apf', () => loweredOn(filesOf(text), device), device),
};

/** Of a device that nobody told only guesses are known: its files alone decide then. */
export const loweredOn = (files: Files, device: Device): Lowered =>
  lowered(configurationOf(files, device.supposed ? undefined : device).saved);

export const lowered = (saved: Saved): Lowered => ({
  ruleset: lowerSaved(saved, say),
  touches: ['every table'],
  addsTo: [],
  onePlace: true,
});
