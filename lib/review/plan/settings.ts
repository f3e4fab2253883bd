import { FieldChange, Settings, diffFields, settingFields } from './fields';

/** The parts of a delivery that no policy decides and that change, by the holder's input before and after; of a first release all of them. */
export const diffSettings = (before: Settings | undefined, after: Settings): readonly FieldChange[] =>
  diffFields(before ? settingFields(before) : [], settingFields(after));
