// Phones come as +15145550123. Those of North America are written in groups; any other is left as it came.

export function readablePhone(phone) {
  return phone.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2-$3");
}
