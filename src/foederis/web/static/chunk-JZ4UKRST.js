function n(t,c){let o=URL.createObjectURL(c),e=document.createElement("a");e.href=o,e.download=t,e.click(),setTimeout(()=>URL.revokeObjectURL(o),1e4)}export{n as a};
