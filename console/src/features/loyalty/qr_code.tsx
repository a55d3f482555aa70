import makeQr from "qrcode-generator";
import { useMemo } from "react";

const border = 4; // Cells of quiet around it, as readers want.

/** Black on white whatever the theme: cameras want it so. */
export function QrCode({ text, className }: { text: string; className?: string }) {
  const { size, path } = useMemo(() => {
    const code = makeQr(0, "M");
    code.addData(text);
    code.make();
    const count = code.getModuleCount();
    let cells = "";
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        if (code.isDark(row, column)) cells += `M${column + border} ${row + border}h1v1h-1z`;
      }
    }
    return { size: count + 2 * border, path: cells };
  }, [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" role="img" aria-label={text} className={className}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
