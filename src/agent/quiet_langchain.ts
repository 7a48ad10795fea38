/**
 * LangChain looks at the environment at every call: `LANGSMITH_TRACING` and its older names post conversations to
 * a cloud, `LANGCHAIN_VERBOSE` prints them. It adds neither handler where one of the same name is there already,
 * so these take the seats and do nothing.
 */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { ConsoleCallbackHandler } from "@langchain/core/tracers/console";

class TracerSeat extends BaseCallbackHandler {
  readonly name = "langchain_tracer";
}

class ConsoleSeat extends BaseCallbackHandler {
  // The name that LangChain compares with is this one, of the prototype, and not that of an instance.
  readonly name = ConsoleCallbackHandler.prototype.name;
}

/** Pass it as `callbacks` with every call of a model. */
export const quietCallbacks: BaseCallbackHandler[] = [new TracerSeat(), new ConsoleSeat()];
