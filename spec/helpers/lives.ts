import type { MessagingEvent } from '../../src/index.js';

/** What events tell of one receipt of a message: when it came in, how long work on it ran, what was said, and what became of that. */
export interface Life {
  readonly id: string;
  readonly receivedAt: number;
  readonly receiveCount: number;
  /** Each piece of work on it: how it ended, and how long it ran. */
  readonly works: readonly string[];
  /** How it ended: once, unless it is held still. */
  readonly endings: readonly string[];
}

/** The life of every message that came in, told by events alone, in the order of receipt. */
export function livesOf(events: readonly MessagingEvent[]): readonly Life[] {
  const lives = new Map<string, Life & { readonly works: string[]; readonly endings: string[] }>();
  for (const event of events) {
    if (!('receiveCount' in event)) continue;
    const { id, at, receiveCount } = event;
    const key = `${id} ${String(receiveCount)}`;
    const life = lives.get(key) ?? { id, receivedAt: at, receiveCount, works: [], endings: [] };
    lives.set(key, life);
    switch (event.type) {
      case 'redelivered':
        life.works.push(event.because);
        // What is held has one life, that of its first receipt.
        if (event.because === 'held') life.endings.push('none of its own');
        break;
      case 'handled':
        life.works.push(`${event.outcome} in ${String(event.durationMs)} ms`);
        break;
      case 'settled':
        life.endings.push(`${event.settlement} said ${String(at - event.durationMs)}, confirmed ${String(at)}`);
        break;
      case 'settleFailed': {
        const { settlement, durationMs, error } = event;
        const said = `${settlement} said ${String(at - durationMs)}`;
        life.endings.push(`${said}, failed ${String(at)} by ${error.code ?? error.name}`);
        break;
      }
      case 'leaseLost':
        life.endings.push(`lost ${String(at)} by ${event.reason}`);
        break;
      default:
    }
  }
  return [...lives.values()];
}

/** A life in one line. */
export const lineOf = ({ id, receivedAt, receiveCount, works, endings }: Life): string =>
  [`${id}#${String(receiveCount)} received ${String(receivedAt)}`, ...works, ...endings].join('; ');
