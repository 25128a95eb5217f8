// As much of React's types as those of @casl/react ask for.

declare module "react" {
  namespace React {
    type ReactNode = string | number | boolean | null | undefined | object;
    interface ProviderProps<T> {
      value: T;
    }
    interface FunctionComponentElement<P> {
      props: P;
    }
  }
  export = React;
}
declare namespace React {
  type ReactNode = import("react").ReactNode;
}
