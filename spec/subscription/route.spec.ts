import { expect } from 'chai';
import { EMPTY, of } from 'rxjs';
import { SubscriptionNotFoundError } from '../../src/errors.js';
import type { Message } from '../../src/message/message.js';
import { route } from '../../src/subscription/route.js';
import { settlementLog } from '../helpers/fakeMessage.js';

type Account =
  { readonly type: 'created'; readonly data: string } | { readonly type: 'deleted'; readonly data: number };

const messageOf = (value: Account): Message<Account> => ({ ...settlementLog().message('m1'), value });

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return expect.fail('did not throw');
}

describe('route', () => {
  const given: unknown[] = [];
  const context = { signal: new AbortController().signal };
  const work$ = of('work');
  const project = route<Account>({
    created: (data, message, context) => {
      given.push(data, message, context);
      return work$;
    },
    deleted: () => undefined,
  });

  it('gives data, message and context to the handler of the type, and its work out', () => {
    const message = messageOf({ type: 'created', data: 'Ada' });
    expect(project(message.value, message, context)).to.equal(work$);
    expect(given).to.have.lengthOf(3);
    expect(given[0]).to.equal('Ada');
    expect(given[1]).to.equal(message);
    expect(given[2]).to.equal(context);
  });

  it('takes a handler that returns nothing for one that is done', () => {
    const message = messageOf({ type: 'deleted', data: 7 });
    expect(project(message.value, message, context)).to.equal(EMPTY);
  });

  it('throws for a type without a handler, whatever objects inherit, and says which message', () => {
    for (const type of ['renamed', 'toString', '__proto__', 'constructor']) {
      const message = messageOf({ type, data: 'secret' } as unknown as Account);
      const error = thrownBy(() => project(message.value, message, context));
      expect(error).to.be.instanceOf(SubscriptionNotFoundError);
      expect(error).to.include({ retryable: false, topic: 'users', messageId: 'm1' });
      expect((error as Error).message).to.equal('no handler for this event type');
    }
  });
});
