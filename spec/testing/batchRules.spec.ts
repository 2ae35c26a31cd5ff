import { expect } from 'chai';
import { checkBatch } from '../../src/testing/batchRules.js';
import { refusalOf } from '../helpers/brokerQueues.js';

const refusal = (ids: readonly string[], ending: '' | 'Exception' = ''): string | undefined =>
  refusalOf(() =>
    checkBatch(
      ids.map((id) => ({ id })),
      ending,
    ),
  );
const numbers = (length: number): readonly string[] => Array.from({ length }, (_, index) => String(index));

describe('batchRules', () => {
  it('take one to ten entries', () => {
    expect([1, 10].map((count) => refusal(numbers(count)))).to.deep.equal([undefined, undefined]);
    expect(refusal([])).to.equal('EmptyBatchRequest');
    expect(refusal(numbers(11))).to.equal('TooManyEntriesInBatchRequest');
  });

  it('take ids in form, each once', () => {
    expect(refusal(['a-Z_9', 'x'.repeat(80)])).to.equal(undefined);
    for (const id of ['', 'a b', 'ä', 'a.b', 'x'.repeat(81), 'a\n']) {
      expect(refusal(['ok', id]), id).to.equal('InvalidBatchEntryId');
    }
    expect(refusal(['a', 'b', 'a'])).to.equal('BatchEntryIdsNotDistinct');
  });

  it('name their errors as the service does', () => {
    const refused = [[], numbers(11), [''], ['a', 'a']].map((ids) => refusal(ids, 'Exception'));
    expect(refused).to.deep.equal([
      'EmptyBatchRequestException',
      'TooManyEntriesInBatchRequestException',
      'InvalidBatchEntryIdException',
      'BatchEntryIdsNotDistinctException',
    ]);
  });
});
