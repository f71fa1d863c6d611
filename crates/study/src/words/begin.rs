//! The notice, what cannot run here, the screening, the consent and the loading.

use super::Phrase;

phrases! {
    /// The button that goes on.
    NEXT = "next" { "Next", "Weiter", "Suivant", "Siguiente" }
    /// The button that tries once more.
    AGAIN = "again" { "Try again", "Noch einmal versuchen", "Réessayer", "Intentar de nuevo" }
    /// The button that ends and deletes.
    WITHDRAW = "withdraw" {
        "Withdraw and delete", "Widerrufen und löschen", "Me retirer et tout supprimer", "Retirarme y borrar todo"
    }
    /// The question before everything is deleted.
    WITHDRAW_SURE = "withdraw.sure" {
        "Do you want to stop? The camera is switched off and everything that was recorded is deleted from this device.",
        "Möchten Sie aufhören? Die Kamera wird ausgeschaltet und alles Aufgezeichnete von diesem Gerät gelöscht.",
        "Voulez-vous arrêter ? La caméra est éteinte et tout ce qui a été enregistré est supprimé de cet appareil.",
        "¿Quiere terminar? La cámara se apaga y todo lo registrado se borra de este dispositivo.",
    }
    /// Yes, withdraw.
    WITHDRAW_YES = "withdraw.yes" { "Yes, delete all", "Ja, alles löschen", "Oui, tout supprimer", "Sí, borrar todo" }
    /// No, go on.
    WITHDRAW_NO = "withdraw.no" { "No, go on", "Nein, weitermachen", "Non, continuer", "No, continuar" }
    /// The line of progress.
    PROGRESS = "progress" { "{done} of {all}", "{done} von {all}", "{done} sur {all}", "{done} de {all}" }
    /// A mark over a preview.
    PREVIEW = "preview" {
        "Preview: this result does not count.", "Vorschau: Dieses Ergebnis zählt nicht.",
        "Aperçu : ce résultat ne compte pas.", "Vista previa: este resultado no cuenta.",
    }
    /// Heading of the notice.
    NOTICE_TITLE = "notice.title" { "Before you begin", "Bevor Sie beginnen", "Avant de commencer", "Antes de empezar" }
    /// The notice that is always shown before the camera (AI Act, Article 50(3)).
    NOTICE_FIXED = "notice.fixed" {
        "This study uses an AI system that recognises expressions (emotion recognition). From your camera picture it estimates which expression other people would see. It does not know what you feel. No picture is stored or leaves your device; numbers leave only if you hand them over.",
        "Diese Studie verwendet ein KI-System, das Gesichtsausdrücke erkennt (Emotionserkennung). Aus Ihrem Kamerabild schätzt es, welchen Ausdruck andere Menschen sehen würden. Es weiß nicht, was Sie fühlen. Kein Bild wird gespeichert oder verlässt Ihr Gerät; Zahlen verlassen es nur, wenn Sie sie übergeben.",
        "Cette étude utilise un système d'IA qui reconnaît les expressions (reconnaissance des émotions). À partir de l'image de votre caméra, il estime quelle expression d'autres personnes verraient. Il ne sait pas ce que vous ressentez. Aucune image n'est enregistrée ni ne quitte votre appareil ; des nombres ne le quittent que si vous les remettez.",
        "Este estudio utiliza un sistema de IA que reconoce expresiones (reconocimiento de emociones). A partir de la imagen de su cámara estima qué expresión verían otras personas. No sabe lo que usted siente. Ninguna imagen se guarda ni sale de su dispositivo; los números solo salen si usted los entrega.",
    }
    /// A translation of the fixed notice for languages that have none; it is shown under the English one.
    NOTICE_TRANSLATION = "notice.translation" { " ", " ", " ", " " }
    /// Who is responsible.
    NOTICE_CONTROLLER = "notice.controller" {
        "Responsible: {name}. Contact: {contact}.", "Verantwortlich: {name}. Kontakt: {contact}.",
        "Responsable : {name}. Contact : {contact}.", "Responsable: {name}. Contacto: {contact}.",
    }
    /// What the participant needs.
    NOTICE_NEEDS = "notice.needs" {
        "You need a camera, good light on your face and a quiet place. Nobody else should be in the picture.",
        "Sie brauchen eine Kamera, gutes Licht auf Ihrem Gesicht und einen ruhigen Ort. Niemand sonst sollte im Bild sein.",
        "Il vous faut une caméra, une bonne lumière sur votre visage et un endroit calme. Personne d'autre ne devrait être dans l'image.",
        "Necesita una cámara, buena luz sobre su cara y un lugar tranquilo. Nadie más debería estar en la imagen.",
    }
    /// An app's own browser cannot use the camera.
    OBSTACLE_IN_APP = "obstacle.in_app" {
        "This browser inside an app cannot use the camera well. Copy the link and open it in Safari or Chrome.",
        "Dieser Browser in einer App kann die Kamera nicht gut verwenden. Kopieren Sie den Link und öffnen Sie ihn in Safari oder Chrome.",
        "Ce navigateur intégré à une application n'utilise pas bien la caméra. Copiez le lien et ouvrez-le dans Safari ou Chrome.",
        "Este navegador dentro de una aplicación no puede usar bien la cámara. Copie el enlace y ábralo en Safari o Chrome.",
    }
    /// The page around this one does not allow the camera.
    OBSTACLE_FRAME = "obstacle.frame" {
        "The page around this study does not allow the camera. Open the study in a tab of its own.",
        "Die Seite um diese Studie herum erlaubt die Kamera nicht. Öffnen Sie die Studie in einem eigenen Tab.",
        "La page qui entoure cette étude n'autorise pas la caméra. Ouvrez l'étude dans son propre onglet.",
        "La página que rodea este estudio no permite la cámara. Abra el estudio en una pestaña propia.",
    }
    /// There is no camera.
    OBSTACLE_NO_CAMERA = "obstacle.no_camera" {
        "No camera was found. Connect one, or open the link on another device.",
        "Es wurde keine Kamera gefunden. Schließen Sie eine an oder öffnen Sie den Link auf einem anderen Gerät.",
        "Aucune caméra n'a été trouvée. Branchez-en une ou ouvrez le lien sur un autre appareil.",
        "No se encontró ninguna cámara. Conecte una o abra el enlace en otro dispositivo.",
    }
    /// The page was not opened over https.
    OBSTACLE_INSECURE = "obstacle.insecure" {
        "The camera works only on pages whose address begins with https. Ask those who sent the link.",
        "Die Kamera funktioniert nur auf Seiten, deren Adresse mit https beginnt. Fragen Sie die Absender des Links.",
        "La caméra ne fonctionne que sur les pages dont l'adresse commence par https. Adressez-vous à l'expéditeur du lien.",
        "La cámara solo funciona en páginas cuya dirección empieza por https. Pregunte a quien envió el enlace.",
    }
    /// The browser is too old.
    OBSTACLE_OLD = "obstacle.old" {
        "This browser is too old for the study. Update it, or use another one.",
        "Dieser Browser ist zu alt für die Studie. Aktualisieren Sie ihn oder verwenden Sie einen anderen.",
        "Ce navigateur est trop ancien pour l'étude. Mettez-le à jour ou utilisez-en un autre.",
        "Este navegador es demasiado antiguo para el estudio. Actualícelo o use otro.",
    }
    /// The button that copies the link.
    COPY_LINK = "copy_link" { "Copy the link", "Link kopieren", "Copier le lien", "Copiar el enlace" }
    /// The button that opens a tab.
    OPEN_TAB = "open_tab" {
        "Open in a tab", "In einem Tab öffnen", "Ouvrir dans un onglet", "Abrir en una pestaña"
    }
    /// Heading of the screening.
    SCREENING_TITLE = "screening.title" {
        "A few questions first", "Zuerst einige Fragen", "D'abord quelques questions", "Primero, algunas preguntas"
    }
    /// Heading of the consent.
    CONSENT_TITLE = "consent.title" { "Your consent", "Ihre Einwilligung", "Votre consentement", "Su consentimiento" }
    /// Heading of the legal basis.
    CONSENT_BASIS = "consent.legal_basis" { "Legal basis", "Rechtsgrundlage", "Base juridique", "Base jurídica" }
    /// Heading of who gets the data.
    CONSENT_RECIPIENTS = "consent.recipients" {
        "Who gets the data", "Wer die Daten bekommt", "Qui reçoit les données", "Quién recibe los datos"
    }
    /// Heading of how long.
    CONSENT_RETENTION = "consent.retention" {
        "How long they are kept", "Wie lange sie aufbewahrt werden", "Durée de conservation", "Cuánto tiempo se guardan"
    }
    /// Heading of the way back.
    CONSENT_WITHDRAW = "consent.withdraw" {
        "How to withdraw", "Wie Sie widerrufen", "Comment vous retirer", "Cómo retirarse"
    }
    /// What withdrawing means before and after the hand-over.
    CONSENT_WITHDRAW_TEXT = "consent.withdraw.text" {
        "You can stop at any moment; then everything is deleted from this device. After you have handed over, send your code to {contact}. Deadline: {until}.",
        "Sie können jederzeit aufhören; dann wird alles von diesem Gerät gelöscht. Nach der Übergabe senden Sie Ihren Code an {contact}. Frist: {until}.",
        "Vous pouvez arrêter à tout moment ; tout est alors supprimé de cet appareil. Après la remise, envoyez votre code à {contact}. Délai : {until}.",
        "Puede terminar en cualquier momento; entonces todo se borra de este dispositivo. Después de entregar, envíe su código a {contact}. Plazo: {until}.",
    }
    /// The right to complain.
    CONSENT_COMPLAIN = "consent.complain" {
        "You can see, correct and delete your data, and complain to {authority}.",
        "Sie können Ihre Daten einsehen, berichtigen und löschen lassen und sich bei {authority} beschweren.",
        "Vous pouvez consulter, rectifier et faire supprimer vos données, et porter plainte auprès de {authority}.",
        "Puede ver, corregir y borrar sus datos, y reclamar ante {authority}.",
    }
    /// The box for the age.
    CONSENT_AGE = "consent.age" {
        "I am at least {age} years old.", "Ich bin mindestens {age} Jahre alt.",
        "J'ai au moins {age} ans.", "Tengo al menos {age} años.",
    }
    /// The box for the consent.
    CONSENT_BOX = "consent.box" {
        "I have read this and agree.", "Ich habe das gelesen und bin einverstanden.",
        "J'ai lu ce texte et je suis d'accord.", "He leído esto y estoy de acuerdo.",
    }
    /// The button that agrees.
    CONSENT_YES = "consent.yes" { "Agree and go on", "Einwilligen und weiter", "Accepter et continuer", "Aceptar y continuar" }
    /// The button that declines.
    CONSENT_NO = "consent.no" { "Do not take part", "Nicht teilnehmen", "Ne pas participer", "No participar" }
    /// Heading of the loading.
    LOADING_TITLE = "loading.title" { "Loading", "Laden", "Chargement", "Cargando" }
    /// How much will be loaded.
    LOADING_SIZE = "loading.size" {
        "{megabytes} MB will be loaded. After that nothing more is loaded and nothing is sent.",
        "{megabytes} MB werden geladen. Danach wird nichts mehr geladen und nichts gesendet.",
        "{megabytes} Mo vont être chargés. Ensuite, plus rien n'est chargé ni envoyé.",
        "Se cargarán {megabytes} MB. Después no se carga ni se envía nada más.",
    }
    /// The host does not tell how much.
    LOADING_SIZE_UNKNOWN = "loading.size_unknown" {
        "At least {megabytes} MB will be loaded; the size of the rest is not known. After that nothing more is loaded and nothing is sent.",
        "Mindestens {megabytes} MB werden geladen; wie groß der Rest ist, ist nicht bekannt. Danach wird nichts mehr geladen und nichts gesendet.",
        "Au moins {megabytes} Mo vont être chargés ; la taille du reste est inconnue. Ensuite, plus rien n'est chargé ni envoyé.",
        "Se cargarán al menos {megabytes} MB; no se sabe cuánto ocupa el resto. Después no se carga ni se envía nada más.",
    }
    /// The button that begins to load.
    LOADING_START = "loading.start" { "Load", "Laden", "Charger", "Cargar" }
    /// How far it is.
    LOADING_PROGRESS = "loading.progress" {
        "{done} of {all} MB", "{done} von {all} MB", "{done} sur {all} Mo", "{done} de {all} MB"
    }
    /// A file did not come.
    LOADING_FAILED = "loading.failed" {
        "The file {file} could not be loaded (try {try} of {tries}). Check your connection.",
        "Die Datei {file} konnte nicht geladen werden (Versuch {try} von {tries}). Prüfen Sie Ihre Verbindung.",
        "Le fichier {file} n'a pas pu être chargé (essai {try} sur {tries}). Vérifiez votre connexion.",
        "No se pudo cargar el archivo {file} (intento {try} de {tries}). Compruebe su conexión.",
    }
    /// A file is another one.
    LOADING_WRONG = "loading.wrong" {
        "The file {file} is not the one that the study names. Please tell those who sent the link.",
        "Die Datei {file} ist nicht die, die in der Studie steht. Bitte sagen Sie es den Absendern des Links.",
        "Le fichier {file} n'est pas celui que l'étude indique. Merci de prévenir l'expéditeur du lien.",
        "El archivo {file} no es el que indica el estudio. Por favor, avise a quien envió el enlace.",
    }
    /// From here on nothing leaves.
    SEALED = "sealed" {
        "Everything is here. The page has closed its connections.",
        "Alles ist da. Die Seite hat ihre Verbindungen geschlossen.",
        "Tout est là. La page a fermé ses connexions.",
        "Todo está aquí. La página ha cerrado sus conexiones.",
    }
    /// Heading: something is left of an earlier page.
    RESUME_TITLE = "resume.title" {
        "You have been here before", "Sie waren schon einmal hier", "Vous êtes déjà venu", "Ya estuvo aquí"
    }
    /// A study that was broken off can go on.
    RESUME = "resume" {
        "You have begun this study already. Do you want to go on where you stopped?",
        "Sie haben diese Studie schon begonnen. Möchten Sie dort weitermachen, wo Sie aufgehört haben?",
        "Vous avez déjà commencé cette étude. Voulez-vous reprendre là où vous vous êtes arrêté ?",
        "Ya empezó este estudio. ¿Quiere seguir donde lo dejó?",
    }
    /// The study's words are others now.
    RESUME_MENDED = "resume.mended" {
        "Words of this study were changed since then. What was recorded and what you agreed to stay as they are.",
        "Seither wurden Worte dieser Studie geändert. Was aufgezeichnet wurde und worin Sie eingewilligt haben, bleibt, wie es ist.",
        "Depuis, des mots de cette étude ont été modifiés. Ce qui a été enregistré et ce que vous avez accepté restent inchangés.",
        "Desde entonces se han cambiado palabras de este estudio. Lo registrado y lo que usted aceptó siguen igual.",
    }
    /// The study is another one now.
    RESUME_CHANGED = "resume.changed" {
        "This study was changed since you began, so it cannot be continued. What was recorded is kept: look at it and hand it over, or delete it and begin anew.",
        "Diese Studie wurde geändert, seit Sie begonnen haben, daher geht sie nicht weiter. Das Aufgezeichnete ist noch da: Sehen Sie es an und übergeben Sie es, oder löschen Sie es und beginnen Sie neu.",
        "Cette étude a été modifiée depuis que vous l'avez commencée ; elle ne peut pas continuer. Ce qui a été enregistré est conservé : regardez-le et remettez-le, ou supprimez-le et recommencez.",
        "Este estudio ha cambiado desde que empezó, por eso no puede continuar. Lo registrado se conserva: véalo y entréguelo, o bórrelo y empiece de nuevo.",
    }
    /// See what was recorded.
    RESUME_SEE = "resume.see" {
        "See what was recorded", "Das Aufgezeichnete ansehen", "Voir ce qui a été enregistré", "Ver lo registrado"
    }
    /// A newer page wrote what is kept.
    RESUME_NEWER = "resume.newer" {
        "A newer version of this page has kept what you began. Reload the page to go on.",
        "Eine neuere Version dieser Seite hat behalten, was Sie begonnen haben. Laden Sie die Seite neu, um weiterzumachen.",
        "Une version plus récente de cette page a conservé ce que vous avez commencé. Rechargez la page pour continuer.",
        "Una versión más nueva de esta página ha guardado lo que empezó. Recargue la página para seguir.",
    }
    /// Go on.
    RESUME_YES = "resume.yes" { "Go on", "Weitermachen", "Reprendre", "Seguir" }
    /// Delete what was kept.
    RESUME_NO = "resume.no" {
        "Delete it and begin anew", "Löschen und neu beginnen", "Supprimer et recommencer", "Borrar y empezar de nuevo"
    }
}
