/** Makes `f(a * , b,c)` and `f(a*, b, c)` one: no blank before `*`, `&` and `,`, and one after `,`. */
export function evenSpacing(name: string): string {
  return name.replace(/ (?=[*&,])/g, "").replace(/,(?! )/g, ", ");
}
