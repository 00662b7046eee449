// The texts that explain the API's fields: large, so they are loaded when somebody first reads an OpenAPI document.
import { type Descriptions, descriptionsOf } from '../api/schema/descriptions.ts';
import type { Driver } from './driver.ts';

let loaded: Descriptions | undefined;

/** Virtual time waits while they load. */
export async function fieldTexts(driver: Driver): Promise<Descriptions> {
  loaded ??= await driver.loadCode(loadFieldTexts);
  return loaded;
}

export async function loadFieldTexts(): Promise<Descriptions> {
  return descriptionsOf(await import('../api/generated/descriptions.ts'));
}
