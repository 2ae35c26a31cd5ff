import { fifoTopic, type Topic, topic } from '../../../src/index.js';
import type { Item } from './item.js';
import { attributeValues, Parcel } from './parcel.js';
import type { Production } from './scenario.js';

/** What is done with a topic and what makes its values. */
export type Use<R> = <A>(topic: Topic<A>, valueOf: (parcel: Parcel, type: string) => A) => R;

export const TYPES = ['parcel.sent', 'parcel.lost'] as const;
const codecs = { 'parcel.sent': Parcel, 'parcel.lost': Parcel };

/** The topic of a production, of one type or of several. */
export function useTopic<R>(
  { kind, hasTypes, maxMessageBytes }: Production,
  name: string,
  itemOf: (id: string) => Item | undefined,
  use: Use<R>,
): R {
  const describe = <A>(parcelOf: (value: A) => Parcel) => ({
    groupId: (value: A) => parcelOf(value).group,
    attributes: (value: A) => {
      const item = itemOf(parcelOf(value).id);
      return item === undefined ? {} : attributeValues(item.burst);
    },
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  });
  const byId = <A>(parcelOf: (value: A) => Parcel) => ({
    ...describe(parcelOf),
    deduplicationId: (value: A) => parcelOf(value).key,
  });
  type Event = {
    readonly [K in (typeof TYPES)[number]]: { readonly type: K; readonly data: Parcel };
  }[(typeof TYPES)[number]];
  const ofEvent = ({ data }: Event): Parcel => data;
  const ofParcel = (parcel: Parcel): Parcel => parcel;
  const eventOf = (data: Parcel, type: string): Event => ({ type: type === TYPES[0] ? TYPES[0] : TYPES[1], data });
  const byContent = { contentBasedDeduplication: true } as const;
  if (hasTypes) {
    if (kind === 'standard') return use(topic(name, codecs, describe(ofEvent)), eventOf);
    if (kind === 'byId') return use(fifoTopic(name, codecs, byId(ofEvent)), eventOf);
    return use(fifoTopic(name, codecs, { ...describe(ofEvent), ...byContent }), eventOf);
  }
  if (kind === 'standard') return use(topic(name, Parcel, describe(ofParcel)), ofParcel);
  if (kind === 'byId') return use(fifoTopic(name, Parcel, byId(ofParcel)), ofParcel);
  return use(fifoTopic(name, Parcel, { ...describe(ofParcel), ...byContent }), ofParcel);
}
