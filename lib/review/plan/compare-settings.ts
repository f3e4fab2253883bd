import { FieldChange, DeliverySettings, compareFields, listSettingFields } from './delivery-fields';

/** The parts of a delivery that no policy decides and that change, by the holder's input before and after; of a first release all of them. */
export const compareSettings = (
  before: DeliverySettings | undefined,
  after: DeliverySettings,
): readonly FieldChange[] => compareFields(before ? listSettingFields(before) : [], listSettingFields(after));
