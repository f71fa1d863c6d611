//! What was recorded, the hand-over, the six outcomes and the errors.

use super::Phrase;

phrases! {
    /// Heading of the review.
    REVIEW_TITLE = "review.title" {
        "What was recorded", "Was aufgezeichnet wurde", "Ce qui a été enregistré", "Lo que se ha registrado"
    }
    /// What the curves are.
    REVIEW_TEXT = "review.text" {
        "These are all numbers and answers of this session. There is no picture among them. The curves show which expression others would see, not what you felt.",
        "Das sind alle Zahlen und Antworten dieser Sitzung. Kein Bild ist dabei. Die Kurven zeigen, welchen Ausdruck andere sehen würden, nicht, was Sie gefühlt haben.",
        "Voici tous les nombres et toutes les réponses de cette séance. Il n'y a aucune image. Les courbes montrent quelle expression d'autres verraient, pas ce que vous avez ressenti.",
        "Estos son todos los números y respuestas de esta sesión. No hay ninguna imagen. Las curvas muestran qué expresión verían otros, no lo que usted sintió.",
    }
    /// The grade of an exposure.
    REVIEW_GRADE = "review.grade" {
        "Quality: {grade} of 6", "Qualität: {grade} von 6", "Qualité : {grade} sur 6", "Calidad: {grade} de 6"
    }
    /// The names of the curves.
    EMOTION_ANGRY = "emotion.angry" { "angry", "wütend", "en colère", "enfadado" }
    /// The second.
    EMOTION_DISGUST = "emotion.disgust" { "disgust", "Ekel", "dégoût", "asco" }
    /// The third.
    EMOTION_FEAR = "emotion.fear" { "fear", "Angst", "peur", "miedo" }
    /// The fourth.
    EMOTION_HAPPY = "emotion.happy" { "happy", "fröhlich", "joyeux", "contento" }
    /// The fifth.
    EMOTION_SAD = "emotion.sad" { "sad", "traurig", "triste", "triste" }
    /// The sixth.
    EMOTION_SURPRISE = "emotion.surprise" { "surprise", "Überraschung", "surprise", "sorpresa" }
    /// The seventh.
    EMOTION_NEUTRAL = "emotion.neutral" { "neutral", "neutral", "neutre", "neutral" }
    /// Why a grade is not 6: too little could be read.
    GRADE_SECONDS = "grade.few_usable_seconds" {
        "not all could be read", "nicht alles war lesbar", "tout n'a pas pu être lu", "no todo se pudo leer"
    }
    /// It broke off.
    GRADE_INTERRUPTED = "grade.interrupted" { "interrupted", "unterbrochen", "interrompu", "interrumpido" }
    /// Not shown to its end.
    GRADE_SHORT = "grade.played_short" {
        "not shown to its end", "nicht bis zum Ende gezeigt", "pas montré jusqu'à la fin", "no se mostró hasta el final"
    }
    /// The page was hidden.
    GRADE_HIDDEN = "grade.hidden" {
        "the page was hidden", "die Seite war verdeckt", "la page était cachée", "la página estaba oculta"
    }
    /// No face was found.
    GRADE_ABSENT = "grade.absent" {
        "no face for a while", "zeitweise kein Gesicht", "pas de visage par moments", "sin cara por momentos"
    }
    /// Another face was found.
    GRADE_OTHER_FACE = "grade.other_face" {
        "another face for a while", "zeitweise ein anderes Gesicht", "un autre visage par moments", "otra cara por momentos"
    }
    /// Few readings a second.
    GRADE_LOW_RATE = "grade.low_rate" {
        "few readings a second", "wenige Messungen je Sekunde", "peu de mesures par seconde", "pocas mediciones por segundo"
    }
    /// A poor picture.
    GRADE_POOR = "grade.poor_picture" { "poor picture", "schlechtes Bild", "image médiocre", "imagen deficiente" }
    /// Heading of the answers.
    REVIEW_ANSWERS = "review.answers" { "Your answers", "Ihre Antworten", "Vos réponses", "Sus respuestas" }
    /// The button to the hand-over.
    REVIEW_NEXT = "review.next" { "To the hand-over", "Zur Übergabe", "Vers la remise", "Ir a la entrega" }
    /// Heading of the hand-over.
    HANDOVER_TITLE = "handover.title" { "Hand over", "Übergeben", "Remettre", "Entregar" }
    /// What leaves.
    HANDOVER_TEXT = "handover.text" {
        "Until now nothing has left your device. Please hand over today: browsers delete such data after some time.",
        "Bis jetzt hat nichts Ihr Gerät verlassen. Bitte übergeben Sie heute: Browser löschen solche Daten nach einiger Zeit.",
        "Jusqu'ici, rien n'a quitté votre appareil. Merci de remettre aujourd'hui : les navigateurs suppriment ces données après un certain temps.",
        "Hasta ahora nada ha salido de su dispositivo. Por favor, entregue hoy: los navegadores borran estos datos al cabo de un tiempo.",
    }
    /// Save the file.
    HANDOVER_FILE = "handover.file" { "Save the file", "Datei speichern", "Enregistrer le fichier", "Guardar el archivo" }
    /// What to do with the file.
    HANDOVER_FILE_TEXT = "handover.file.text" {
        "Save the file {file} and upload or send it as you were told.",
        "Speichern Sie die Datei {file} und laden Sie sie hoch oder senden Sie sie, wie man es Ihnen gesagt hat.",
        "Enregistrez le fichier {file} puis déposez-le ou envoyez-le comme on vous l'a indiqué.",
        "Guarde el archivo {file} y súbalo o envíelo como se le indicó.",
    }
    /// Do you have it?
    HANDOVER_HAVE_IT = "handover.have_it" {
        "Do you have the file?", "Haben Sie die Datei?", "Avez-vous le fichier ?", "¿Tiene el archivo?"
    }
    /// Yes.
    HANDOVER_YES = "handover.yes" { "Yes, I have it", "Ja, ich habe sie", "Oui, je l'ai", "Sí, lo tengo" }
    /// No.
    HANDOVER_NO = "handover.no" {
        "No, another way", "Nein, auf anderem Weg", "Non, autrement", "No, de otra manera"
    }
    /// The share sheet.
    HANDOVER_SHARE = "handover.share" { "Share the file", "Datei teilen", "Partager le fichier", "Compartir el archivo" }
    /// The table beside the file.
    HANDOVER_TABLE = "handover.table" {
        "What was recorded as a table for yourself", "Das Aufgezeichnete als Tabelle für Sie selbst",
        "Ce qui a été enregistré, en tableau pour vous-même", "Lo registrado, como tabla para usted",
    }
    /// What the table is.
    HANDOVER_TABLE_TEXT = "handover.table.text" {
        "One row for each reading, for a spreadsheet. Saving it hands nothing over.",
        "Eine Zeile für jede Messung, für eine Tabellenkalkulation. Beim Speichern wird nichts übergeben.",
        "Une ligne par mesure, pour un tableur. L'enregistrer ne remet rien.",
        "Una fila por cada medición, para una hoja de cálculo. Guardarla no entrega nada.",
    }
    /// Save the table.
    HANDOVER_TABLE_SAVE = "handover.table.save" {
        "Save as CSV", "Als CSV speichern", "Enregistrer en CSV", "Guardar como CSV"
    }
    /// Name of the choice of the table's form.
    HANDOVER_TABLE_FORM = "handover.table.form" {
        "Form of the table", "Form der Tabelle", "Forme du tableau", "Forma de la tabla"
    }
    /// The form for spreadsheets in English and for statistics programs.
    HANDOVER_TABLE_POINT = "handover.table.point" {
        "with commas and 1.5", "mit Kommas und 1.5", "avec des virgules et 1.5", "con comas y 1.5"
    }
    /// The form for spreadsheets in most other languages of Europe.
    HANDOVER_TABLE_COMMA = "handover.table.comma" {
        "with semicolons and 1,5", "mit Semikolons und 1,5", "avec des points-virgules et 1,5", "con puntos y comas y 1,5"
    }
    /// Copy the text.
    HANDOVER_RECEIPT = "handover.receipt" { "Copy the text", "Text kopieren", "Copier le texte", "Copiar el texto" }
    /// What to do with the text.
    HANDOVER_RECEIPT_TEXT = "handover.receipt.text" {
        "Copy each part and paste it into the field of the survey: part {part} of {parts}.",
        "Kopieren Sie jeden Teil und fügen Sie ihn in das Feld der Umfrage ein: Teil {part} von {parts}.",
        "Copiez chaque partie et collez-la dans le champ du questionnaire : partie {part} sur {parts}.",
        "Copie cada parte y péguela en el campo de la encuesta: parte {part} de {parts}.",
    }
    /// All parts of the text are in the survey.
    HANDOVER_PASTED = "handover.pasted" {
        "I have pasted all parts", "Ich habe alle Teile eingefügt", "J'ai collé toutes les parties", "He pegado todas las partes"
    }
    /// It was copied.
    HANDOVER_COPIED = "handover.copied" { "Copied.", "Kopiert.", "Copié.", "Copiado." }
    /// Hand over to the page around.
    HANDOVER_PARENT = "handover.parent" {
        "Hand over to {origin}", "An {origin} übergeben", "Remettre à {origin}", "Entregar a {origin}"
    }
    /// Waiting for the acknowledgement.
    HANDOVER_WAITING = "handover.waiting" {
        "Waiting for the survey to confirm.", "Warten, bis die Umfrage bestätigt.",
        "En attente de la confirmation du questionnaire.", "Esperando la confirmación de la encuesta.",
    }
    /// The page around did not answer.
    HANDOVER_NO_ANSWER = "handover.no_answer" {
        "The survey did not confirm. Try again, or save the file.",
        "Die Umfrage hat nicht bestätigt. Versuchen Sie es noch einmal oder speichern Sie die Datei.",
        "Le questionnaire n'a pas confirmé. Réessayez ou enregistrez le fichier.",
        "La encuesta no ha confirmado. Inténtelo de nuevo o guarde el archivo.",
    }
    /// It was handed over.
    HANDOVER_DONE = "handover.done" {
        "Handed over. Thank you.", "Übergeben. Vielen Dank.", "Remis. Merci.", "Entregado. Gracias.",
    }
    /// The completion code.
    CODE = "code" { "Your completion code: {code}", "Ihr Abschluss-Code: {code}", "Votre code de fin : {code}", "Su código de finalización: {code}" }
    /// The withdrawal code.
    WITHDRAWAL_CODE = "withdrawal_code" {
        "Keep this code. With it you can withdraw later: {code}",
        "Bewahren Sie diesen Code auf. Mit ihm können Sie später widerrufen: {code}",
        "Conservez ce code. Il vous permet de vous retirer plus tard : {code}",
        "Guarde este código. Con él puede retirarse más tarde: {code}",
    }
    /// The button that leads back.
    GO_BACK = "go_back" { "Back to the survey", "Zurück zur Umfrage", "Retour au questionnaire", "Volver a la encuesta" }
    /// Where the button leads.
    GO_BACK_TEXT = "go_back.text" {
        "The button leads to {host}. The address holds your id.", "Der Knopf führt zu {host}. Die Adresse enthält Ihre Kennung.",
        "Le bouton mène à {host}. L'adresse contient votre identifiant.", "El botón lleva a {host}. La dirección contiene su identificador.",
    }
    /// Delete from the device.
    DELETE = "delete" {
        "Delete from this device", "Von diesem Gerät löschen", "Supprimer de cet appareil", "Borrar de este dispositivo"
    }
    /// It was deleted.
    DELETED = "deleted" {
        "Everything was deleted from this device.", "Alles wurde von diesem Gerät gelöscht.",
        "Tout a été supprimé de cet appareil.", "Todo se ha borrado de este dispositivo.",
    }
    /// Heading: complete.
    OUTCOME_COMPLETE = "outcome.complete.title" {
        "Thank you, you are done", "Vielen Dank, Sie sind fertig", "Merci, vous avez terminé", "Gracias, ha terminado"
    }
    /// Text: complete.
    OUTCOME_COMPLETE_TEXT = "outcome.complete" {
        "The camera is off. You can close this page.", "Die Kamera ist aus. Sie können diese Seite schließen.",
        "La caméra est éteinte. Vous pouvez fermer cette page.", "La cámara está apagada. Puede cerrar esta página.",
    }
    /// Heading: screened out.
    OUTCOME_SCREENED_OUT = "outcome.screened_out.title" {
        "Thank you for your interest", "Vielen Dank für Ihr Interesse", "Merci de votre intérêt", "Gracias por su interés"
    }
    /// Text: screened out.
    OUTCOME_SCREENED_OUT_TEXT = "outcome.screened_out" {
        "This study looks for other participants. Nothing was recorded or kept.",
        "Diese Studie sucht andere Teilnehmende. Nichts wurde aufgezeichnet oder behalten.",
        "Cette étude cherche d'autres participants. Rien n'a été enregistré ni conservé.",
        "Este estudio busca otros participantes. No se ha registrado ni guardado nada.",
    }
    /// Heading: quota full.
    OUTCOME_QUOTA_FULL = "outcome.quota_full.title" {
        "The study is closed", "Die Studie ist geschlossen", "L'étude est close", "El estudio está cerrado"
    }
    /// Text: quota full.
    OUTCOME_QUOTA_FULL_TEXT = "outcome.quota_full" {
        "Enough people have taken part. Nothing was recorded or kept. Thank you.",
        "Es haben genug Menschen teilgenommen. Nichts wurde aufgezeichnet oder behalten. Vielen Dank.",
        "Assez de personnes ont participé. Rien n'a été enregistré ni conservé. Merci.",
        "Ya han participado suficientes personas. No se ha registrado ni guardado nada. Gracias.",
    }
    /// Heading: declined.
    OUTCOME_DECLINED = "outcome.declined.title" {
        "You do not take part", "Sie nehmen nicht teil", "Vous ne participez pas", "Usted no participa"
    }
    /// Text: declined.
    OUTCOME_DECLINED_TEXT = "outcome.declined" {
        "That is all right. The camera was never on, and nothing was kept.",
        "Das ist in Ordnung. Die Kamera war nie an, und nichts wurde behalten.",
        "C'est tout à fait possible. La caméra n'a jamais été allumée et rien n'a été conservé.",
        "No hay problema. La cámara nunca estuvo encendida y no se guardó nada.",
    }
    /// Heading: failed.
    OUTCOME_FAILED = "outcome.failed.title" {
        "It did not work", "Es hat nicht geklappt", "Cela n'a pas fonctionné", "No ha funcionado"
    }
    /// Text: failed.
    OUTCOME_FAILED_TEXT = "outcome.failed" {
        "The study could not be done on this device. The camera is off. Thank you for trying.",
        "Die Studie war auf diesem Gerät nicht möglich. Die Kamera ist aus. Vielen Dank für den Versuch.",
        "L'étude n'a pas pu se faire sur cet appareil. La caméra est éteinte. Merci d'avoir essayé.",
        "El estudio no se pudo hacer en este dispositivo. La cámara está apagada. Gracias por intentarlo.",
    }
    /// Heading: withdrawn.
    OUTCOME_WITHDRAWN = "outcome.withdrawn.title" {
        "You have withdrawn", "Sie haben widerrufen", "Vous vous êtes retiré", "Se ha retirado"
    }
    /// Text: withdrawn.
    OUTCOME_WITHDRAWN_TEXT = "outcome.withdrawn" {
        "The camera is off, and everything was deleted from this device.",
        "Die Kamera ist aus, und alles wurde von diesem Gerät gelöscht.",
        "La caméra est éteinte et tout a été supprimé de cet appareil.",
        "La cámara está apagada y todo se ha borrado de este dispositivo.",
    }
    /// Withdrawn after a hand-over.
    OUTCOME_WITHDRAWN_AFTER = "outcome.withdrawn.after" {
        "What you handed over before lies with {name}. Send the code {code} to {contact} to have it deleted there.",
        "Was Sie vorher übergeben haben, liegt bei {name}. Senden Sie den Code {code} an {contact}, damit es dort gelöscht wird.",
        "Ce que vous avez remis auparavant se trouve chez {name}. Envoyez le code {code} à {contact} pour le faire supprimer.",
        "Lo que entregó antes está en manos de {name}. Envíe el código {code} a {contact} para que lo borren allí.",
    }
    /// The study file cannot be read.
    ERROR_STUDY = "error.study" {
        "This study cannot be shown: its file is missing or has faults. Please tell those who sent the link.",
        "Diese Studie kann nicht gezeigt werden: Ihre Datei fehlt oder hat Fehler. Bitte sagen Sie es den Absendern des Links.",
        "Cette étude ne peut pas être montrée : son fichier manque ou contient des erreurs. Merci de prévenir l'expéditeur du lien.",
        "Este estudio no se puede mostrar: su archivo falta o tiene errores. Por favor, avise a quien envió el enlace.",
    }
    /// The link cannot be used.
    ERROR_LINK = "error.link" {
        "This link cannot be used. Copy it again as a whole, or ask those who sent it.",
        "Dieser Link ist nicht verwendbar. Kopieren Sie ihn noch einmal ganz oder fragen Sie die Absender.",
        "Ce lien ne peut pas être utilisé. Copiez-le encore une fois en entier ou adressez-vous à l'expéditeur.",
        "Este enlace no se puede usar. Cópielo otra vez entero o pregunte a quien lo envió.",
    }
    /// The session cannot go on after a reload.
    ERROR_RESUME = "error.resume" {
        "What was begun before cannot be continued. You can begin anew.",
        "Was vorher begonnen wurde, kann nicht fortgesetzt werden. Sie können neu beginnen.",
        "Ce qui avait été commencé ne peut pas être repris. Vous pouvez recommencer.",
        "Lo que se empezó antes no se puede continuar. Puede empezar de nuevo.",
    }
    /// The study was changed in the middle of the session.
    CHANGED_STUDY = "changed.study" {
        "The study was changed since you began, so it ends here. Nothing that was recorded is lost.",
        "Die Studie wurde geändert, seit Sie begonnen haben, daher endet sie hier. Nichts Aufgezeichnetes ist verloren.",
        "L'étude a été modifiée depuis que vous l'avez commencée ; elle s'arrête donc ici. Rien de ce qui a été enregistré n'est perdu.",
        "El estudio ha cambiado desde que empezó, por eso termina aquí. Nada de lo registrado se ha perdido.",
    }
    /// The page was renewed in the middle of the session.
    CHANGED_MODELS = "changed.models" {
        "This page was renewed since you began and reads faces in another way now, so the study ends here. Nothing that was recorded is lost.",
        "Diese Seite wurde erneuert, seit Sie begonnen haben, und liest Gesichter jetzt anders; daher endet die Studie hier. Nichts Aufgezeichnetes ist verloren.",
        "Cette page a été renouvelée depuis que vous avez commencé et lit maintenant les visages autrement ; l'étude s'arrête donc ici. Rien de ce qui a été enregistré n'est perdu.",
        "Esta página se ha renovado desde que empezó y ahora lee las caras de otra manera; por eso el estudio termina aquí. Nada de lo registrado se ha perdido.",
    }
    /// The device cannot keep data.
    ERROR_STORAGE = "error.storage" {
        "This browser does not keep data. Please do not close or reload the page before you have handed over.",
        "Dieser Browser behält keine Daten. Bitte schließen Sie die Seite nicht und laden Sie sie nicht neu, bevor Sie übergeben haben.",
        "Ce navigateur ne conserve pas de données. Merci de ne pas fermer ni recharger la page avant la remise.",
        "Este navegador no guarda datos. Por favor, no cierre ni recargue la página antes de entregar.",
    }
    /// Something else went wrong.
    ERROR_OTHER = "error.other" {
        "Something went wrong. Reload the page; what was recorded is kept.",
        "Etwas ist schiefgegangen. Laden Sie die Seite neu; das Aufgezeichnete bleibt erhalten.",
        "Un problème est survenu. Rechargez la page ; ce qui a été enregistré est conservé.",
        "Algo ha fallado. Recargue la página; lo registrado se conserva.",
    }
    /// The result did not pass its check.
    ERROR_INCOMPLETE = "error.incomplete" {
        "The result is not complete, so there is no completion code. You can hand over what there is.",
        "Das Ergebnis ist nicht vollständig, daher gibt es keinen Abschluss-Code. Sie können übergeben, was da ist.",
        "Le résultat n'est pas complet, il n'y a donc pas de code de fin. Vous pouvez remettre ce qu'il y a.",
        "El resultado no está completo, por eso no hay código de finalización. Puede entregar lo que hay.",
    }
}

/// The names of the seven curves, from angry to neutral.
pub const EMOTIONS: [&Phrase; 7] = [
    &EMOTION_ANGRY,
    &EMOTION_DISGUST,
    &EMOTION_FEAR,
    &EMOTION_HAPPY,
    &EMOTION_SAD,
    &EMOTION_SURPRISE,
    &EMOTION_NEUTRAL,
];

/// What the participant reads for a reason of a grade, by its word in the result file.
pub fn grade_reason(word: &str) -> Option<&'static Phrase> {
    ALL.iter().find(|phrase| phrase.key.strip_prefix("grade.") == Some(word))
}
