/** Makes `f(a * , b,c)` and `f(a*, b, c)` one: no blank before `*`, `&` and `,`, and one after `,`. */
export function evenSpacing(name: string): string {
  const unblanked = name.includes(" ") ? name.replace(/ (?=[*&,])/g, "") : name;
  return unblanked.includes(",") ? unblanked.replace(/,(?! )/g, ", ") : unblanked;
}
