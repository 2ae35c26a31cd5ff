// rxjs-x/finnish, minus three demands. It wants `$` on a function held in a variable once its result is an Observable, on
// every Subject, and on an option that takes any ObservableInput. Here `$` ends the names of Observables, not of functions;
// a Subject is an Observer too; and an option may turn out to be a promise.
import rxjsX from 'eslint-plugin-rxjs-x';

const finnish = rxjsX.rules.finnish;
const demands = ['shouldBeFinnish', 'shouldBeFinnishProperty'];

const isNullish = (type) => ['undefined', 'null'].includes(type.intrinsicName);
const isFunction = (type) => type.getCallSignatures().length > 0;
const isPlainObservable = (type) => type.getProperty('pipe') !== undefined && type.getProperty('next') === undefined;
const mustSaySo = (type) =>
  type.isUnion() ? type.types.filter((member) => !isNullish(member)).every(mustSaySo) : isPlainObservable(type);

export const observableNames = {
  meta: { ...finnish.meta, docs: { description: '`$` ends the names of Observables, and of nothing else.' } },
  defaultOptions: finnish.defaultOptions,
  create(context) {
    const { sourceCode } = context;
    const typeOf = (node) => sourceCode.parserServices.getTypeAtLocation(node);
    const report = (descriptor) => {
      const node = sourceCode.getNodeByRangeIndex(sourceCode.getIndexFromLoc(descriptor.loc.start));
      if (!demands.includes(descriptor.messageId) || mustSaySo(typeOf(node))) context.report(descriptor);
    };
    return {
      ...finnish.create(Object.create(context, { report: { value: report } })),
      ':matches(VariableDeclarator, FunctionDeclaration) > Identifier.id[name=/\\$$/]': (node) => {
        if (isFunction(typeOf(node))) context.report({ node, messageId: 'shouldNotBeFinnish' });
      },
    };
  },
};
