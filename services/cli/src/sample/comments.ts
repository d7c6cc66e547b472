/** What users write, in the scripts they write in. */
export const comments: readonly string[] = [
  "It crashed when I closed the second window. Third time today!",
  "was just scrolling",
  "Beim Öffnen der Datei ist alles eingefroren und dann war das Fenster weg.",
  "画像を回転したら落ちました。",
  "Программа закрылась сама, когда я сохранял чертёж",
  "تعطل التطبيق عند فتح الصورة",
  "Ça plante à chaque démarrage depuis la mise à jour.",
  "이미지를 열 때마다 종료됩니다",
  "No idea what happened 🤷 please fix!!",
  '<b>bold?</b> & "quotes"',
];
