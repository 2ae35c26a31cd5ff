import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { type ErrorContext, ValidationFailedError } from '../errors.js';
import { ANY_KEY, unwrapped, type Wrapping } from './codecShape.js';
import { type Expectation, pathTexts, plain } from './paths.js';

/**
 * Where an input is not what its codec expects, such as `/email: expected string`. io-ts's own reporter prints the
 * offending values; these don't, and of a record's keys neither.
 */
export const pathsOf = (errors: t.Errors): string[] => pathTexts(expectations(errors));

/** Decodes by a codec; a codec that throws is one that refuses. */
export function decodeBy<A>(
  codec: t.Type<A, unknown>,
  input: unknown,
  context: ErrorContext,
): E.Either<ValidationFailedError, A> {
  try {
    const decoded = codec.decode(input);
    return E.isRight(decoded) ? decoded : E.left(new ValidationFailedError(pathsOf(decoded.left), context));
  } catch {
    // What it threw may quote the input.
    return E.left(codecThrew(codec, context));
  }
}

/** A codec that throws instead of answering. */
export const codecThrew = ({ name }: t.Mixed, context: ErrorContext): ValidationFailedError =>
  new ValidationFailedError([`/: the codec ${plain(name)} threw`], context);

function* expectations(errors: t.Errors): Generator<Expectation> {
  for (const { context } of errors) {
    yield { keys: keysOf(context), expected: context.at(-1)?.type.name ?? 'another type' };
  }
}

/**
 * The keys that lead through the input. Members of unions and intersections have a number, and are no places in it. A key is
 * told only where the codec itself names it or counts it: those of a record, or of a codec that does not show its
 * structure, are data.
 */
function keysOf(context: t.Context): readonly string[] {
  return context.flatMap(({ key }, index) => {
    const parent = context[index - 1];
    if (parent === undefined) return [];
    switch (unwrapped(parent.type as Wrapping)._tag) {
      case 'UnionType':
      case 'IntersectionType':
        return [];
      case 'InterfaceType':
      case 'PartialType':
      case 'StrictType':
      case 'AnyArrayType':
      case 'ArrayType':
      case 'ReadonlyArrayType':
      case 'TupleType':
        return [key];
      default:
        return [ANY_KEY];
    }
  });
}
