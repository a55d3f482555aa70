// What somebody types, once they pause: for searches and checks while typing.

import { useEffect, useState } from "react";

export function useLater<Value>(value: Value, milliseconds = 250): Value {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLater(value), milliseconds);
    return () => window.clearTimeout(timer);
  }, [value, milliseconds]);
  return later;
}
