/** Makes `f(a * , b,c)` and `f(a*, b, c)` one: no blank before `*`, `&` and `,`, and one after `,`. */
export function evenSpacing(name: string): string {
  return spaceAfterCommas(withoutBlanksBefore(name));
}

function withoutBlanksBefore(name: string): string {
  // Nearly every name is as it should be, and to see that is cheaper than to replace nothing.
  for (let at = name.indexOf(" "); at >= 0; at = name.indexOf(" ", at + 1))
    if ("*&,".includes(name.charAt(at + 1) || " ")) return name.replace(/ (?=[*&,])/g, "");
  return name;
}

function spaceAfterCommas(name: string): string {
  return name.includes(",") ? name.replace(/,(?! )/g, ", ") : name;
}
